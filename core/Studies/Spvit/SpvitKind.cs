using Hone.Model;
using Hone.Neural.Vit;
using Hone.Studies.Images;

namespace Hone.Studies.Spvit;

/// <summary>SPViT (arXiv 2112.13890): where selectors stand and what they keep, under devices' prices; weights are shared, chosen members fine-tuned and exported with their selectors.</summary>
internal sealed class SpvitKind : IStudyKind
{
    public string Method => "spvit";

    public IStudy Open(StudySpec spec)
    {
        if (spec.Devices.Count == 0) throw new SpecException("devices: expected at least one device to price candidates (for example zcu102), got none");
        StudyMetrics.Check(spec, "accuracy", PrunedWork.Macs);
        var study = new SpvitStudy(spec, Settings(spec));
        StudySpec resolved = StudyMetrics.Resolved(spec, study.Space, study.Lower);
        Workload dense = PruningWorkload.Lower(PruningPlan.Dense, study.Settings.Config);
        foreach (DeviceSpec device in resolved.Devices)
            if (!DeviceCatalog.IsAttached(device) && DeviceCatalog.Open(device).Covers(dense) is { Complete: false } why)
                throw new SpecException($"devices.{device.Name}: cannot run '{why.Operation}' of the model: {why.Reason}; take another model.variant, or a device that nodes measure");
        return new SpvitStudy(resolved, study.Settings);
    }

    private static SpvitSettings Settings(StudySpec spec)
    {
        SpecReader model = new(spec.Model, "model"), training = new(spec.Training, "training");
        string? checkpoint = model.Text("checkpoint");
        PruningConfig config = PrunedSections.Config(spec, model, training, new PruningConfig());
        config = config with
        {
            Package = model.OneOf("package", config.Shape.Variant?.Family == VitFamily.Swin ? "none" : "running", "none", "running", "per-stage") switch { "none" => PackageRule.None, "per-stage" => PackageRule.PerStage, _ => PackageRule.Running },
            Bits = model.Integer("bits", config.Bits, 4, 16),
        };
        ImageCounts counts = VitSections.Counts(spec, training);
        int calibration = training.Integer("calibration_images", 500, 10);
        model.Done();
        training.Done();
        config.Check();
        if (checkpoint is null && config.Dense.Epochs == 0) throw new SpecException("training.epochs: expected more than 0 where no model.checkpoint is given, got 0");
        return new SpvitSettings(config, counts, calibration, checkpoint);
    }
}

/// <summary>What a SPViT study is made of besides its specification.</summary>
/// <param name="CalibrationImages">Training images that a plan's thresholds are set on.</param>
/// <param name="Checkpoint">A .safetensors file of published weights that the dense net begins with; null: it begins from scratch.</param>
internal sealed record SpvitSettings(PruningConfig Config, ImageCounts Counts, int CalibrationImages, string? Checkpoint = null);
