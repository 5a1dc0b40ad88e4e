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
        return new SpvitStudy(StudyMetrics.Resolved(spec, study.Space, study.Lower), study.Settings);
    }

    private static SpvitSettings Settings(StudySpec spec)
    {
        SpecReader model = new(spec.Model, "model"), training = new(spec.Training, "training");
        PruningConfig config = PrunedSections.Config(spec, model, training, new PruningConfig()) with
        {
            Package = model.OneOf("package", "running", "none", "running", "per-stage") switch { "none" => PackageRule.None, "per-stage" => PackageRule.PerStage, _ => PackageRule.Running },
            Bits = model.Integer("bits", new PruningConfig().Bits, 4, 16),
        };
        ImageCounts counts = VitSections.Counts(spec, training);
        int calibration = training.Integer("calibration_images", 500, 10);
        model.Done();
        training.Done();
        config.Check();
        return new SpvitSettings(config, counts, calibration);
    }
}

/// <summary>What a SPViT study is made of besides its specification.</summary>
/// <param name="CalibrationImages">Training images that a plan's thresholds are set on.</param>
internal sealed record SpvitSettings(PruningConfig Config, ImageCounts Counts, int CalibrationImages);
