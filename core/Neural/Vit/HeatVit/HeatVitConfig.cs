using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>What HeatViT is made from. Sources in brackets: [third party] notes and the public re-implementation, [sheet] small-scale values of the method's sheet, [ours] chosen here.</summary>
public sealed record HeatVitConfig
{
    /// <summary>The float net: shape, dense training, selectors and where they may stand.</summary>
    public PruningConfig Pruning { get; init; } = Start;

    /// <summary>Damping of GELU; 1: none [third party: 0.5].</summary>
    public double Delta1 { get; init; } = Polynomials.Damped;

    /// <summary>Damping of attention's softmax, 1 or a half or a quarter of it; the selectors' has none [third party: 0.5].</summary>
    public double Delta2 { get; init; } = Polynomials.Damped;

    /// <summary>Training images that activation ranges are set on [sheet].</summary>
    public int RangeImages { get; init; } = 512;

    /// <summary>Epochs of quantisation-aware training under plans of all kinds, after the selectors' [sheet: 5, under one plan].</summary>
    public double QuantEpochs { get; init; } = 2;

    /// <summary>Its peak learning rate, and that of fine-tuning [sheet].</summary>
    public double QuantRate { get; init; } = 1e-4;

    /// <summary>Its last learning rate [sheet].</summary>
    public double QuantFinalRate { get; init; } = 1e-6;

    /// <summary>HeatViT's selectors and package in 8-bit numbers.</summary>
    public static PruningConfig Start { get; } = new() { Kind = SelectorKind.HeatVit, Package = PackageRule.Merged, Bits = 8, Positions = [2, 4, 6], SharedEpochs = 2, TuneEpochs = 0.5 };

    [JsonIgnore]
    internal int GeluDamping => FixedPoint.Of((float)Delta1, FixedPoint.Places);

    /// <summary>Binary places of attention's probabilities.</summary>
    [JsonIgnore]
    internal int SharePlaces => 8 - Math.ILogB(Delta2);

    /// <exception cref="SpecException">A value that no such study has.</exception>
    public void Check()
    {
        Pruning.Check();
        VitShape shape = Pruning.Shape;
        Expect(Pruning.Kind == SelectorKind.HeatVit && Pruning.Package == PackageRule.Merged, $"model: expected HeatViT's selector and its merged package, got {Pruning.Kind} and {Pruning.Package}");
        Expect(Pruning.Bits == 8, $"model.bits: the integer network has 8 bits, got {Pruning.Bits}");
        int widest = Math.Max(shape.Width * shape.Expansion, shape.PatchSize);
        Expect(widest <= IntegerNet.MostInputs, $"model: expected layers of at most {IntegerNet.MostInputs} inputs, so that accumulators are exact, got {widest}: lower width, expansion or patch");
        Expect(Delta1 is > 0 and <= 1, $"model.gelu_damping: expected a number above 0 and up to 1, got {Delta1}");
        Expect(Delta2 is 1 or 0.5 or 0.25, $"model.softmax_damping: expected 1, 0.5 or 0.25, got {Delta2}");
        Expect(QuantEpochs > 0 && RangeImages > 0, $"training: quant_epochs and range_images must be positive, got {QuantEpochs} and {RangeImages}");
        Expect(QuantRate > 0 && QuantFinalRate >= 0, $"training: quant_rate must be positive and quant_final_rate not negative, got {QuantRate} and {QuantFinalRate}");
    }

    private static void Expect(bool holds, string message)
    {
        if (!holds) throw new SpecException(message);
    }
}
