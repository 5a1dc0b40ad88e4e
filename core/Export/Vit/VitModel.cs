namespace Hone.Export;

/// <summary>A layer norm over the last axis; both arrays of shape (E).</summary>
public sealed record LayerNorm(float[] Gamma, float[] Beta);

/// <summary>
/// One transformer block: x += Scale1 * Proj(attention(Norm1(x))), x += Scale2 * Fc2(gelu(Fc1(Norm2(x)))).
/// </summary>
/// <param name="Qkv">(3A, E): the rows of q, then of k, then of v; A = Heads * head width.</param>
/// <param name="Q">The quantiser of q; <paramref name="K"/>, <paramref name="V"/> and <paramref name="P"/> (after the softmax) likewise.</param>
/// <param name="Proj">(E, A).</param>
/// <param name="Scale1">Layer scale of the attention branch, shape (E).</param>
/// <param name="Fc1">(R, E).</param>
/// <param name="Fc2">(E, R).</param>
/// <param name="Scale2">Layer scale of the second branch, shape (E).</param>
public sealed record VitBlock(
    LayerNorm Norm1, QuantizedLinear Qkv, int Heads, ActivationQuant? Q, ActivationQuant? K, ActivationQuant? V, ActivationQuant? P,
    QuantizedLinear Proj, float[] Scale1, LayerNorm Norm2, QuantizedLinear Fc1, QuantizedLinear Fc2, float[] Scale2);

/// <summary>
/// A vision transformer with integer weights, complete and free of any framework. Letters: N images, T = 1 + (ImageSize / Patch)^2 tokens,
/// E embedding, A attention width. Images are square, pixels are bytes; channel c enters as pixel * PixelScale[c] + PixelOffset[c].
/// </summary>
/// <param name="PatchEmbed">(E, Channels * Patch * Patch); a patch is flattened as (channel, row, column), patches are read row by row.</param>
/// <param name="Cls">Shape (E): the first token.</param>
/// <param name="Positions">Shape (T, E), added to all tokens.</param>
/// <param name="Norm">The last layer norm, before the head.</param>
/// <param name="Head">(Classes, E), reads the first token.</param>
/// <param name="HeadWidth">d; attention logits are divided by sqrt(d).</param>
/// <param name="Epsilon">Of every layer norm.</param>
public sealed record VitModel(
    int Channels, int ImageSize, int Patch, int Embed, int Classes, float[] PixelScale, float[] PixelOffset, QuantizedLinear PatchEmbed, float[] Cls,
    float[] Positions, VitBlock[] Blocks, LayerNorm Norm, QuantizedLinear Head, int HeadWidth = 16, float Epsilon = 1e-6f)
{
    /// <summary>Patches per image.</summary>
    public int Patches => ImageSize / Patch * (ImageSize / Patch);

    /// <summary>T: the patches and the class token.</summary>
    public int Tokens => 1 + Patches;

    /// <summary>All linear layers with their weights, in the order in which they run.</summary>
    public IEnumerable<QuantizedLinear> Linears() =>
        [PatchEmbed, .. Blocks.SelectMany(block => new[] { block.Qkv, block.Proj, block.Fc1, block.Fc2 }), Head];

    /// <exception cref="ArgumentException">Shapes, names or quantisers contradict each other; the message names the part.</exception>
    public void Check()
    {
        if (Patch < 1 || ImageSize % Patch != 0) throw new ArgumentException($"expected a patch that divides the image size {ImageSize}, got {Patch}");
        Length("pixel scales", PixelScale.Length, Channels);
        Length("pixel offsets", PixelOffset.Length, Channels);
        PatchEmbed.Check(Embed, Channels * Patch * Patch);
        Length("class token", Cls.Length, Embed);
        Length("positions", Positions.Length, Tokens * Embed);
        foreach (VitBlock block in Blocks)
        {
            int width = block.Heads * HeadWidth;
            Check(block.Norm1, Embed);
            block.Qkv.Check(3 * width, Embed);
            foreach (ActivationQuant? quant in new[] { block.Q, block.K, block.V, block.P }) Check(quant, block.Qkv.Name);
            block.Proj.Check(Embed, width);
            Length("layer scale", block.Scale1.Length, Embed);
            Check(block.Norm2, Embed);
            block.Fc1.Check(block.Fc1.M, Embed);
            block.Fc2.Check(Embed, block.Fc1.M);
            Length("layer scale", block.Scale2.Length, Embed);
        }
        Check(Norm, Embed);
        Head.Check(Classes, Embed);
        string? twice = Linears().GroupBy(linear => linear.Name).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null) throw new ArgumentException($"two layers are named '{twice}'");
    }

    internal static void Length(string what, int actual, int expected)
    {
        if (actual != expected) throw new ArgumentException($"{what}: expected {expected} values, got {actual}");
    }

    internal static void Check(ActivationQuant? quant, string where)
    {
        if (quant is null) return;
        if (quant.Bits is < 1 or > 16 || !(quant.Step > 0 && float.IsFinite(quant.Step)))
            throw new ArgumentException($"'{where}': expected a quantiser of 1..16 bits with a step above 0, got {quant}");
    }

    private static void Check(LayerNorm norm, int width)
    {
        Length("layer norm gamma", norm.Gamma.Length, width);
        Length("layer norm beta", norm.Beta.Length, width);
    }
}
