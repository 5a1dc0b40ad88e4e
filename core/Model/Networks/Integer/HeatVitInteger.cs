namespace Hone.Model;

/// <summary>A token on its way through <see cref="HeatVitInteger"/>: its numbers (C) in units of 2^-16, and where it stands in the grid, or one of <see cref="VisionToken"/>'s places.</summary>
public sealed record IntegerToken(int Place, int[] Values)
{
    public bool IsPatch => Place >= 0;
}

/// <summary>What an image came to.</summary>
/// <param name="Logits">Shape (classes), in units of 2^-16.</param>
/// <param name="Tokens">How many tokens each block computed.</param>
/// <param name="Kept">After each selector, which patches went on, row by row.</param>
public sealed record IntegerAnswer(int[] Logits, ValueList<int> Tokens, ValueList<ValueList<int>> Kept);

/// <summary>
/// The meaning of an <see cref="IntegerNet"/>: one image, plain loops over integers, dropped tokens really gone. The one thing in floating point is the statistics of layer norms, host work
/// (<see cref="HostNorm"/>). It is kept to judge every faster engine. Letters: n tokens, C width, h heads, d = C / h.
/// </summary>
public static class HeatVitInteger
{
    /// <summary>Levels of a probability of 1, and the highest that an unsigned byte holds.</summary>
    public const int Levels = 256, HighestShare = 255;

    /// <param name="pixels">Shape (channels, side, side).</param>
    /// <exception cref="ArgumentException">Another number of pixels, or a network that contradicts itself.</exception>
    public static IntegerAnswer Run(IntegerNet net, ReadOnlySpan<byte> pixels)
    {
        net.Check();
        List<IntegerToken> x = Embed(net, pixels);                             // (n)
        var (tokens, kept) = (new List<int>(), new List<ValueList<int>>());
        foreach (IntegerBlock block in net.Blocks)
        {
            if (block.Selector is not null)
            {
                x = IntegerSelection.Select(block.Selector, x, net.Gelu, net.Epsilon);
                kept.Add([.. x.Where(t => t.IsPatch).Select(t => t.Place)]);
            }
            Attend(net, block, x);
            foreach (IntegerToken token in x)
                Add(token.Values, Linear(block.Fc2, Gelu(block.Fc1, Norm(block.Norm2, token.Values, net.Epsilon), net.Gelu, block.Fc2.InputPlaces)));
            tokens.Add(x.Count);
        }
        return new IntegerAnswer(Linear(net.Head, Norm(net.Norm, x[0].Values, net.Epsilon)), [.. tokens], [.. kept]);
    }

    private static List<IntegerToken> Embed(IntegerNet net, ReadOnlySpan<byte> pixels)
    {
        int side = net.Side, patch = net.Patch, across = side / patch, c = net.ClassToken.Length;
        if (pixels.Length != net.Channels * side * side) throw new ArgumentException($"expected {net.Channels * side * side} pixels, got {pixels.Length}");
        var x = new List<IntegerToken> { new(VisionToken.Class, [.. net.ClassToken]) };
        for (int place = 0; place < across * across; place++)
        {
            sbyte[] codes = new sbyte[net.Embed.K];                            // (channel, y, x)
            for (int i = 0; i < codes.Length; i++)
            {
                int row = (place / across * patch) + (i / patch % patch), column = (place % across * patch) + (i % patch);
                codes[i] = net.Pixels[pixels[(((i / (patch * patch)) * side) + row) * side + column]];
            }
            x.Add(new IntegerToken(place, Linear(net.Embed, codes)));
        }
        for (int t = 0; t < x.Count; t++) Add(x[t].Values, net.Positions[(t * c)..((t + 1) * c)]);
        return x;
    }

    private static void Attend(IntegerNet net, IntegerBlock block, List<IntegerToken> x)
    {
        int n = x.Count, c = block.Proj.K, d = c / block.Heads;
        int[][] qkv = [.. x.Select(t => Accumulate(block.Qkv, Norm(block.Norm1, t.Values, net.Epsilon)))];   // (n, 3C)
        sbyte[][] q = Codes(0, block.QueryPlaces), k = Codes(1, block.KeyPlaces), v = Codes(2, block.ValuePlaces);   // (n, C)
        sbyte[][] mixed = [.. x.Select(_ => new sbyte[c])];                    // (n, C)
        for (int head = 0; head < block.Heads; head++)
            for (int i = 0; i < n; i++)
            {
                int[] scores = new int[n], shares = new int[n];
                for (int j = 0; j < n; j++)
                {
                    long dot = 0;
                    for (int at = head * d; at < (head + 1) * d; at++) dot += q[i][at] * k[j][at];
                    scores[j] = FixedPoint.Saturate(FixedPoint.Round(dot * block.ScoreFactor, block.QueryPlaces + block.KeyPlaces));
                }
                FixedPoint.Softmax(scores, shares, Levels, HighestShare);
                for (int at = head * d; at < (head + 1) * d; at++)
                {
                    int sum = 0;
                    for (int j = 0; j < n; j++) sum += shares[j] * v[j][at];
                    mixed[i][at] = FixedPoint.Code(FixedPoint.Round(sum, net.SharePlaces + block.ValuePlaces - block.Proj.InputPlaces));
                }
            }
        for (int i = 0; i < n; i++) Add(x[i].Values, Linear(block.Proj, mixed[i]));

        sbyte[][] Codes(int part, int places) => [.. qkv.Select(row => row[(part * c)..((part + 1) * c)].Select(a => FixedPoint.Code(FixedPoint.Round(a, block.Qkv.Places - places))).ToArray())];
    }

    /// <summary>Accumulators with bias (M), in units of 2^-Places.</summary>
    internal static int[] Accumulate(IntegerLinear layer, ReadOnlySpan<sbyte> x)
    {
        int[] y = new int[layer.M];
        for (int m = 0; m < y.Length; m++)
        {
            y[m] = layer.Bias[m];
            for (int k = 0; k < layer.K; k++) y[m] += layer.Weights[(m * layer.K) + k] * x[k];
        }
        return y;
    }

    /// <summary>A layer's outputs (M) in units of 2^-16.</summary>
    internal static int[] Linear(IntegerLinear layer, ReadOnlySpan<sbyte> x) => [.. Accumulate(layer, x).Select(a => FixedPoint.Saturate(FixedPoint.Round(a, layer.Places - FixedPoint.Places)))];

    /// <summary>A layer and GELU behind it, as codes (M).</summary>
    internal static sbyte[] Gelu(IntegerLinear layer, ReadOnlySpan<sbyte> x, int delta, int places) =>
        [.. Linear(layer, x).Select(v => FixedPoint.Code(FixedPoint.Round(FixedPoint.Gelu(v, delta), FixedPoint.Places - places)))];

    internal static sbyte[] Norm(IntegerNorm norm, ReadOnlySpan<int> x, double epsilon)
    {
        sbyte[] codes = new sbyte[x.Length];
        HostNorm.Apply(x, HostNorm.InCodes(norm.Gain, norm.Places, gains: true), HostNorm.InCodes(norm.Bias, norm.Places, gains: false), epsilon, codes);
        return codes;
    }

    private static void Add(int[] to, ReadOnlySpan<int> x)
    {
        for (int c = 0; c < to.Length; c++) to[c] = FixedPoint.Saturate((long)to[c] + x[c]);
    }
}
