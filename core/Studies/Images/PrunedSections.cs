using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Studies.Images;

/// <summary>Reads the keys of a study's model and training sections that methods of learned token pruning share.</summary>
internal static class PrunedSections
{
    /// <summary>Those of <see cref="VitSections"/>; positions, keeps; shared_epochs, tune_epochs, selector_rate, backbone_rate, frozen_share, shares, noise, final_noise, distillation, token_weight, ratio_weight, even_weight.</summary>
    /// <param name="start">What is taken where a study says nothing; positions are a quarter of the depth to three quarters.</param>
    public static PruningConfig Config(StudySpec spec, SpecReader model, SpecReader training, PruningConfig start)
    {
        VitShape shape = VitSections.Shape(spec, model);
        int quarter = shape.Depth / 4;
        return start with
        {
            Shape = shape,
            Dense = VitSections.Run(spec, training, start.Dense),
            Positions = VitSections.Integers(model, "positions", "model", [.. Enumerable.Range(Math.Max(1, quarter), Math.Max(1, shape.Depth / 2 + 1))]),
            Keeps = VitSections.Numbers(model, "keeps", "model", start.Keeps),
            SharedEpochs = training.Number("shared_epochs", start.SharedEpochs, 0.01, 10_000),
            TuneEpochs = training.Number("tune_epochs", start.TuneEpochs, 0, 10_000),
            SelectorRate = training.Number("selector_rate", start.SelectorRate, 1e-8, 1),
            BackboneRate = training.Number("backbone_rate", start.BackboneRate, 0, 1),
            FrozenShare = training.Number("frozen_share", start.FrozenShare, 0, 1),
            Shares = training.OneOf("shares", start.Shares == ShareRule.Loss ? "loss" : "thresholds", "thresholds", "loss") == "loss" ? ShareRule.Loss : ShareRule.Thresholds,
            Noise = training.Number("noise", start.Noise, 0, 100),
            FinalNoise = training.Number("final_noise", start.FinalNoise, 0, 100),
            Distillation = training.Number("distillation", start.Distillation, 0, 100),
            TokenWeight = training.Number("token_weight", start.TokenWeight, 0, 100),
            EvenWeight = training.Number("even_weight", start.EvenWeight, 0, 100),
            RatioWeight = training.Number("ratio_weight", start.RatioWeight, 0, 100),
        };
    }
}
