using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>A layer's weights and biases as codes, in real numbers: weights (M, K) multiples of 2^-WeightPlaces, biases (M) of 2^-(WeightPlaces + InputPlaces).</summary>
internal sealed record FixedLayer(Tensor Weights, Tensor Bias, int WeightPlaces, int InputPlaces)
{
    /// <summary>Accumulators (.., M): sums of products of codes below 2^24 in all, hence exact in float32 whatever the order of summing.</summary>
    public Tensor Accumulate(Tensor codes) => F.linear(codes, Weights, Bias);

    /// <summary>A part of the rows' inputs, without bias.</summary>
    public Tensor Columns(Tensor codes, int from, int count) => F.linear(codes, Weights.narrow(1, from, count));

    /// <summary>The same as plain integers.</summary>
    public IntegerLinear Export(string name)
    {
        sbyte[] codes = [.. Weights.detach().Numbers().Select(v => (sbyte)FixedPoint.Of(v, WeightPlaces, sbyte.MinValue, sbyte.MaxValue))];
        int[] bias = [.. Bias.detach().Numbers().Select(v => FixedPoint.Of(v, WeightPlaces + InputPlaces))];
        return new IntegerLinear(name, (int)Weights.shape[0], (int)Weights.shape[1], codes, WeightPlaces, bias, InputPlaces);
    }
}

/// <summary>The parts that emulated networks are put together from; every number that leaves one is exactly that of <see cref="HeatVitInteger"/>.</summary>
internal static class HeatVitLayers
{
    public const double Epsilon = 1e-6;                        // of norms, timm's

    /// <summary>A layer of an arena; a norm in front of it may be folded in.</summary>
    /// <param name="norm">Name of that norm, or null.</param>
    public static FixedLayer Layer(ParameterArena arena, string name, int inputPlaces, string? norm = null)
    {
        Tensor w = arena[name + ".weight"], bias = arena[name + ".bias"];      // (M, K), (M)
        if (norm is not null)
        {
            bias = bias.Plus(F.linear(arena[norm + ".bias"].unsqueeze(0), w).squeeze(0));
            w = w * arena[norm + ".weight"];
        }
        int places = HeatVitScales.OfWeights(Placed.Here<float>(w.detach().contiguous()));
        return new FixedLayer(FixedRound.Code(w, places), FixedRound.Wide(bias, places + inputPlaces), places, inputPlaces);
    }

    /// <summary>Codes of a layer norm over the last axis of x, numbers of 16 places.</summary>
    /// <param name="gain">(C), and <paramref name="bias"/> as well; null: folded into the layer behind.</param>
    public static Tensor Norm(Tensor x, Tensor? gain, Tensor? bias, string name, HeatVitScales scales)
    {
        long c = x.shape[^1];
        Tensor? smooth = is_grad_enabled() || scales.Sets ? F.layer_norm(x, [c], gain, bias, Epsilon) : null;
        int places = smooth is null ? scales[name] : scales.Of(name, smooth);
        Tensor exact = Exact(x, gain, bias, places);
        double step = Math.ScaleB(1.0, -places);
        return is_grad_enabled() ? FixedRound.Through(smooth!.ClampInPlace(sbyte.MinValue * step, sbyte.MaxValue * step), exact) : exact;
    }

    private static Tensor Exact(Tensor x, Tensor? gain, Tensor? bias, int places)
    {
        using var frozen = no_grad();
        Tensor from = x.detach().contiguous(), y = empty(from.shape);
        int c = (int)from.shape[^1];
        double[] gains = HostNorm.InCodes(gain is null ? [] : gain.detach().Numbers(), places, gains: true), shifts = HostNorm.InCodes(bias is null ? [] : bias.detach().Numbers(), places, gains: false);
        ReadOnlySpan<float> values = Placed.Here<float>(from);
        Span<float> codes = Placed.Here<float>(y);
        Span<int> row = new int[c];
        Span<sbyte> answer = new sbyte[c];
        float step = (float)Math.ScaleB(1.0, -places);
        for (int at = 0; at < values.Length; at += c)
        {
            for (int i = 0; i < c; i++) row[i] = (int)(values[at + i] * FixedPoint.One);
            HostNorm.Apply(row, gains, shifts, (float)Epsilon, answer);
            for (int i = 0; i < c; i++) codes[at + i] = answer[i] * step;
        }
        return y;
    }

    /// <summary>Codes of accumulators.</summary>
    public static Tensor Code(Tensor x, string name, HeatVitScales scales) => FixedRound.Code(x, scales.Of(name, x));

    /// <summary>Codes of GELU of accumulators.</summary>
    public static Tensor Gelu(Tensor x, int delta, string name, HeatVitScales scales)
    {
        if (!scales.Sets) return PolynomialGelu.Apply(x, delta, scales[name]);
        Tensor wide = PolynomialGelu.Apply(x, delta, FixedPoint.Places, FixedPoint.Lowest, FixedPoint.Highest);
        return FixedRound.Code(wide, scales.Of(name, wide));
    }
}
