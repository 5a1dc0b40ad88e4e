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
        StudyMetrics.Check(spec, "accuracy", SpvitWork.Macs);
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
        PruningConfig start = new() { Shape = VitSections.Shape(spec, model) };
        string? checkpoint = model.Text("checkpoint");
        int quarter = start.Shape.Depth / 4;
        PruningConfig config = start with
        {
            Dense = VitSections.Run(spec, training, start.Dense),
            Positions = VitSections.Integers(model, "positions", "model", [.. Enumerable.Range(Math.Max(1, quarter), Math.Max(1, start.Shape.Depth / 2 + 1))]),
            Keeps = VitSections.Numbers(model, "keeps", "model", start.Keeps),
            Package = model.OneOf("package", start.Shape.Variant?.Family == VitFamily.Swin ? "none" : "running", "none", "running", "per-stage") switch { "none" => PackageRule.None, "per-stage" => PackageRule.PerStage, _ => PackageRule.Running },
            Bits = model.Integer("bits", start.Bits, 4, 16),
            SharedEpochs = training.Number("shared_epochs", start.SharedEpochs, 0.01, 10_000),
            TuneEpochs = training.Number("tune_epochs", start.TuneEpochs, 0, 10_000),
            SelectorRate = training.Number("selector_rate", start.SelectorRate, 1e-8, 1),
            BackboneRate = training.Number("backbone_rate", start.BackboneRate, 0, 1),
            FrozenShare = training.Number("frozen_share", start.FrozenShare, 0, 1),
            Distillation = training.Number("distillation", start.Distillation, 0, 100),
            TokenWeight = training.Number("token_weight", start.TokenWeight, 0, 100),
            RatioWeight = training.Number("ratio_weight", start.RatioWeight, 0, 100),
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
