using Hone.Model;
using Hone.Neural.Vit;
using Hone.Studies.Images;

namespace Hone.Studies.HeatVit;

/// <summary>HeatViT (arXiv 2211.08110): where selectors stand and what they keep, under devices' prices, all in 8-bit numbers with polynomials; chosen members are fine-tuned and exported as integers.</summary>
internal sealed class HeatVitKind : IStudyKind
{
    public string Method => "heatvit";

    public IStudy Open(StudySpec spec)
    {
        if (spec.Devices.Count == 0) throw new SpecException("devices: expected at least one device to price candidates (for example zcu102), got none");
        StudyMetrics.Check(spec, "accuracy", PrunedWork.Macs);
        var study = new HeatVitStudy(spec, Settings(spec));
        return new HeatVitStudy(StudyMetrics.Resolved(spec, study.Space, study.Lower), study.Settings);
    }

    private static HeatVitSettings Settings(StudySpec spec)
    {
        SpecReader model = new(spec.Model, "model"), training = new(spec.Training, "training");
        HeatVitConfig start = new();
        HeatVitConfig config = start with
        {
            Pruning = PrunedSections.Config(spec, model, training, start.Pruning),
            Delta1 = model.Number("gelu_damping", start.Delta1, 0.01, 1),
            Delta2 = model.Number("softmax_damping", start.Delta2, 0.25, 1),
            RangeImages = training.Integer("range_images", start.RangeImages, 1),
            QuantEpochs = training.Number("quant_epochs", start.QuantEpochs, 0.01, 10_000),
            QuantRate = training.Number("quant_rate", start.QuantRate, 1e-8, 1),
            QuantFinalRate = training.Number("quant_final_rate", start.QuantFinalRate, 0, 1),
        };
        ImageCounts counts = VitSections.Counts(spec, training);
        int calibration = training.Integer("calibration_images", 500, 10);
        model.Done();
        training.Done();
        config.Check();
        if (config.Pruning.Dense.Device != "cpu") throw new SpecException($"training.device: the fixed-point functions run on the processor, expected cpu, got '{config.Pruning.Dense.Device}'");
        return new HeatVitSettings(config, counts, calibration);
    }
}

/// <summary>What a HeatViT study is made of besides its specification.</summary>
/// <param name="CalibrationImages">Training images that a plan's thresholds are set on.</param>
internal sealed record HeatVitSettings(HeatVitConfig Config, ImageCounts Counts, int CalibrationImages);
