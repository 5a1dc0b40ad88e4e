namespace Hone.Model;

/// <summary>y = x W^T + b in integers: the value of a weight is its code times 2^-WeightPlaces, that of an input its code times 2^-InputPlaces, so accumulator and bias have <see cref="Places"/>.</summary>
/// <param name="Name">Unique in its network.</param>
/// <param name="M">Outputs.</param>
/// <param name="K">Inputs, at most <see cref="IntegerNet.MostInputs"/>.</param>
/// <param name="Weights">Shape (M, K), row by row.</param>
/// <param name="Bias">Shape (M), within <see cref="FixedPoint.Lowest"/>..<see cref="FixedPoint.Highest"/>.</param>
public sealed record IntegerLinear(string Name, int M, int K, sbyte[] Weights, int WeightPlaces, int[] Bias, int InputPlaces)
{
    public int Places => WeightPlaces + InputPlaces;
}

/// <summary>A layer norm on the host (<see cref="HostNorm"/>) whose answers are codes of 2^-Places.</summary>
/// <param name="Gain">Shape (C), or empty: folded into the layer behind; <paramref name="Bias"/> likewise.</param>
public sealed record IntegerNorm(float[] Gain, float[] Bias, int Places);

/// <summary>HeatViT's token selector in integers; the places of what lies between two layers are the later layer's InputPlaces. See <see cref="TokenSelector"/> for the letters.</summary>
/// <param name="Norm">Over a head's slice; its gain and bias stand in <paramref name="Embed"/>.</param>
/// <param name="Embed">(d/2, d).</param>
/// <param name="Threshold">Least score of a kept token, in units of 2^-16.</param>
public sealed record IntegerSelector(
    int Heads, IntegerNorm Norm, IntegerLinear Embed, IntegerLinear Fc1, IntegerLinear Fc2, IntegerLinear Fc3, IntegerLinear HeadFc1, IntegerLinear HeadFc2, int Threshold)
{
    /// <summary>In the order in which they run.</summary>
    public IEnumerable<IntegerLinear> Linears() => [Embed, Fc1, Fc2, Fc3, HeadFc1, HeadFc2];
}

/// <summary>A block: tokens are selected, attention is added, then the MLP.</summary>
/// <param name="Selector">Null: every token goes on.</param>
/// <param name="Qkv">(3 C, C): rows of q, of k, of v, each rounded to codes of places of its own.</param>
public sealed record IntegerBlock(
    IntegerSelector? Selector, IntegerNorm Norm1, IntegerLinear Qkv, int Heads, int QueryPlaces, int KeyPlaces, int ValuePlaces, IntegerLinear Proj, IntegerNorm Norm2, IntegerLinear Fc1, IntegerLinear Fc2)
{
    /// <summary>1 / sqrt(d) in units of 2^-16.</summary>
    public int ScoreFactor => ScoreFactorOf(Proj.K / Heads);

    /// <summary>The same of a head's width.</summary>
    public static int ScoreFactorOf(int headWidth) => FixedPoint.Of((float)(1 / Math.Sqrt(headWidth)), FixedPoint.Places);

    /// <summary>In the order in which they run.</summary>
    public IEnumerable<IntegerLinear> Linears() => [.. Selector?.Linears() ?? [], Qkv, Proj, Fc1, Fc2];
}

/// <summary>
/// A vision transformer of 8-bit codes with scales that are powers of two, as HeatViT's engine computes it; <see cref="HeatVitInteger"/> says what it means. The residual stream, inputs of
/// non-linear functions and logits are numbers of <see cref="FixedPoint"/>. Letters: T tokens with the class token first, C width.
/// </summary>
/// <param name="Pixels">Shape (256): the code of each byte.</param>
/// <param name="Embed">(C, channels * patch * patch), a patch ordered (channel, y, x).</param>
/// <param name="ClassToken">Shape (C), in units of 2^-16; <paramref name="Positions"/> (T, C) as well.</param>
/// <param name="Gelu">Its damping in units of 2^-16.</param>
/// <param name="SharePlaces">Of attention's probabilities, unsigned bytes: 8, and one more for each halving that the softmax is damped by.</param>
/// <param name="Epsilon">Of every layer norm.</param>
public sealed record IntegerNet(
    int Channels, int Side, int Patch, sbyte[] Pixels, IntegerLinear Embed, int[] ClassToken, int[] Positions, ValueList<IntegerBlock> Blocks, IntegerNorm Norm, IntegerLinear Head, int Gelu, int SharePlaces, float Epsilon)
{
    /// <summary>Inputs of a layer whose accumulator and bias surely stay within 24 bits each, so that float32 holds every partial sum exactly.</summary>
    public const int MostInputs = 512;

    public int Classes => Head.M;

    /// <summary>Whether token counts depend on the image.</summary>
    public bool IsDynamic => Blocks.Any(b => b.Selector is not null);

    /// <summary>In the order in which they run.</summary>
    public IEnumerable<IntegerLinear> Linears() => [Embed, .. Blocks.SelectMany(b => b.Linears()), Head];

    /// <exception cref="ArgumentException">A layer contradicts itself; it is named.</exception>
    public void Check()
    {
        foreach (IntegerLinear l in Linears())
        {
            if (l.K is < 1 or > MostInputs) throw new ArgumentException($"'{l.Name}': expected 1..{MostInputs} inputs, got {l.K}");
            if (l.Weights.Length != l.M * l.K || l.Bias.Length != l.M) throw new ArgumentException($"'{l.Name}': expected {l.M} x {l.K} codes and {l.M} biases, got {l.Weights.Length} and {l.Bias.Length}");
            if (l.Bias.Any(b => b is < FixedPoint.Lowest or > FixedPoint.Highest)) throw new ArgumentException($"'{l.Name}': expected biases of 24 bits");
        }
        int c = Embed.M, patches = Side / Patch * (Side / Patch);
        if (Pixels.Length != 256 || ClassToken.Length != c || Positions.Length != (patches + 1) * c)
            throw new ArgumentException($"expected 256 pixel codes, a class token of {c} and positions of {patches + 1} x {c}, got {Pixels.Length}, {ClassToken.Length} and {Positions.Length}");
    }
}
