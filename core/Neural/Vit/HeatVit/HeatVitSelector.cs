using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>HeatViT's token selector emulated: scores and packages are exactly those of <see cref="IntegerSelection"/>. Letters: B images, n tokens without the class token, h heads of width d.</summary>
internal static class HeatVitSelector
{
    private static readonly SoftmaxRounding Undamped = new(FixedPoint.One, FixedPoint.One, FixedPoint.One, 1.0 / FixedPoint.One);

    /// <summary>Scores (B, n) of tokens x (B, n, C), numbers of 16 places in 0..1.</summary>
    /// <param name="alive">(B, n): which of them the global mean is over.</param>
    public static Tensor Score(ParameterArena arena, string name, int heads, Tensor x, Tensor alive, int gelu, HeatVitScales scales)
    {
        using var scope = NewDisposeScope();
        long images = x.shape[0], n = x.shape[1];
        int d = (int)x.shape[2] / heads, half = d / 2;
        Tensor slices = x.view(images, n, heads, d);                           // (B, n, h, d)
        Tensor z = HeatVitLayers.Norm(slices, null, null, $"{name}.norm", scales);
        Tensor e = HeatVitLayers.Gelu(Layer("embed", "norm", folds: true).Accumulate(z), gelu, $"{name}.e", scales); // (B, n, h, d/2)
        Tensor here = alive.detach(), count = here.sum(1).view(images, 1, 1, 1);
        Tensor sum = matmul(here.unsqueeze(1), e.reshape(images, n, heads * half)).view(images, 1, heads, half);
        Tensor global = FixedRound.Code(sum / count, scales[$"{name}.e"]);     // no quotient lies near a tie without being one: counts are small
        FixedLayer first = Layer("fc1", "e");                                  // (d/2, d): of [local, global], the global product once per image and head
        Tensor u = first.Columns(e, 0, half).Plus(first.Columns(global, half, half).Plus(first.Bias));
        u = HeatVitLayers.Gelu(u, gelu, $"{name}.h1", scales);
        u = HeatVitLayers.Gelu(Layer("fc2", "h1").Accumulate(u), gelu, $"{name}.h2", scales);
        Tensor t = PolynomialSoftmax.Apply(Layer("fc3", "h2").Accumulate(u), null, Undamped).select(3, 0); // (B, n, h)
        Tensor m = HeatVitLayers.Code(FixedRound.Through(slices.mean([3]), Means(x, heads)), $"{name}.means", scales); // (B, n, h)
        Tensor hidden = HeatVitLayers.Gelu(Layer("head.fc1", "means").Accumulate(m), gelu, $"{name}.head", scales);
        Tensor a = PolynomialSigmoid.Apply(FixedRound.Wide(Layer("head.fc2", "head").Accumulate(hidden))); // (B, n, h)
        Tensor smooth = (a * t).sum(2) / a.sum(2).ClampInPlace(1.0 / FixedPoint.One, double.PositiveInfinity); // (B, n)
        return FixedRound.Through(smooth, Averages(t, a)).MoveToOuterDisposeScope();

        FixedLayer Layer(string layer, string from, bool folds = false) => HeatVitLayers.Layer(arena, $"{name}.{layer}", scales[$"{name}.{from}"], folds ? $"{name}.norm" : null);
    }

    /// <summary>The package (B, 1, C) of weighted members.</summary>
    /// <param name="x">(B, m, C).</param>
    /// <param name="members">(B, m): 1 for those that go into it.</param>
    /// <param name="scores">(B, m).</param>
    public static Tensor Package(Tensor x, Tensor members, Tensor scores)
    {
        using var scope = NewDisposeScope();
        Tensor weights = members * scores;                                     // (B, m)
        Tensor smooth = matmul(weights.unsqueeze(1), x) / weights.sum(1, keepdim: true).ClampInPlace(TokenSelector.LeastWeight, double.PositiveInfinity).unsqueeze(2);
        int images = (int)x.shape[0], m = (int)x.shape[1], c = (int)x.shape[2];
        float[] values = x.detach().Numbers(), marks = members.detach().Numbers(), s = scores.detach().Numbers(), packed = new float[images * c];
        for (int b = 0; b < images; b++)
        {
            int[] chosen = [.. Enumerable.Range(b * m, m).Where(i => marks[i] > 0)];
            if (chosen.Length == 0) continue;
            int[] package = IntegerSelection.Package([.. chosen.Select(i => values.AsSpan(i * c, c).ToArray().Select(Fixed).ToArray())], [.. chosen.Select(i => Fixed(s[i]))]);
            for (int i = 0; i < c; i++) packed[(b * c) + i] = FixedPoint.Real(package[i]);
        }
        return FixedRound.Through(smooth, tensor(packed).view(images, 1, c)).MoveToOuterDisposeScope();
    }

    private static Tensor Means(Tensor x, int heads)
    {
        int c = (int)x.shape[2];
        float[] values = x.detach().Numbers(), means = new float[values.Length / c * heads];
        int[] token = new int[c], own = new int[heads];
        for (int at = 0; at < values.Length; at += c)
        {
            for (int i = 0; i < c; i++) token[i] = Fixed(values[at + i]);
            IntegerSelection.Means(token, own);
            for (int i = 0; i < heads; i++) means[(at / c * heads) + i] = FixedPoint.Real(own[i]);
        }
        return tensor(means).view(x.shape[0], x.shape[1], heads);
    }

    private static Tensor Averages(Tensor t, Tensor a)
    {
        int h = (int)t.shape[2];
        float[] keeps = t.detach().Numbers(), weights = a.detach().Numbers(), scores = new float[keeps.Length / h];
        int[] own = new int[h], of = new int[h];
        for (int i = 0; i < scores.Length; i++)
        {
            for (int head = 0; head < h; head++) (own[head], of[head]) = (Fixed(keeps[(i * h) + head]), Fixed(weights[(i * h) + head]));
            scores[i] = FixedPoint.Real(IntegerSelection.Score(own, of));
        }
        return tensor(scores).view(t.shape[0], t.shape[1]);
    }

    private static int Fixed(float v) => (int)(v * FixedPoint.One);            // a multiple of 2^-16: exact

    /// <summary>The least score with a margin 2 score - 1 of at least this, in units of 2^-16.</summary>
    public static int Threshold(float margin) => (FixedPoint.One / 2) + (int)Math.Ceiling(Math.Clamp((double)margin, -2, 2) * (FixedPoint.One / 2));

    /// <summary>The selector as plain integers.</summary>
    public static IntegerSelector Export(ParameterArena arena, string name, int heads, int threshold, HeatVitScales scales)
    {
        return new IntegerSelector(heads, new IntegerNorm([], [], scales[$"{name}.norm"]), Layer("embed", "norm", $"{name}.norm"), Layer("fc1", "e"), Layer("fc2", "h1"), Layer("fc3", "h2"),
            Layer("head.fc1", "means"), Layer("head.fc2", "head"), threshold);

        IntegerLinear Layer(string layer, string from, string? norm = null) => HeatVitLayers.Layer(arena, $"{name}.{layer}", scales[$"{name}.{from}"], norm).Export($"{name}.{layer}");
    }
}
