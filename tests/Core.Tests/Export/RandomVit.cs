using Hone.Export;
using Hone.Model;

namespace Hone.Core.Tests.Export;

/// <summary>Small vision transformers with random weights, quantised as the methods here do (or not at all).</summary>
internal sealed class RandomVit(ulong seed)
{
    private readonly Chance _chance = new(seed, Streams.Weights);

    public static VitModel Model(ulong seed, bool quantised = true, int channels = 1, int imageSize = 8, int patch = 4, int embed = 32, int depth = 2, int heads = 2) =>
        new RandomVit(seed).Build(quantised, channels, imageSize, patch, embed, depth, heads);

    public static ImageSet Images(ulong seed, int count, int channels = 1, int size = 8, int classes = 10)
    {
        var chance = new Chance(seed, Streams.Sampling);
        byte[] pixels = new byte[count * channels * size * size], labels = new byte[count];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)chance.Next(256);
        for (int i = 0; i < labels.Length; i++) labels[i] = (byte)chance.Next(classes);
        return new ImageSet(pixels, labels, channels, size, size, classes);
    }

    private VitModel Build(bool quantised, int channels, int imageSize, int patch, int embed, int depth, int heads)
    {
        ActivationQuant? signed6 = quantised ? new(0.12f, 6, true) : null, signed8 = quantised ? new(0.03f, 8, true) : null;
        ActivationQuant? share = quantised ? new(1f / 63, 6, false) : null;
        int tokens = 1 + imageSize / patch * (imageSize / patch), width = 16 * heads;
        VitBlock[] blocks = new VitBlock[depth];
        for (int i = 0; i < depth; i++)
            blocks[i] = new VitBlock(
                Norm(embed), Linear($"block{i}.qkv", 3 * width, embed, signed6), heads, signed6, signed8, signed8, share,
                Linear($"block{i}.proj", embed, width, quantised ? new(0.05f, 6, true) : null), Values(embed, 0.2, 0.5),
                Norm(embed), Linear($"block{i}.fc1", 2 * embed, embed, signed6), Linear($"block{i}.fc2", embed, 2 * embed, signed6), Values(embed, 0.2, 0.5));
        return new VitModel(
            channels, imageSize, patch, embed, 10, Values(channels, 0.001, 1 / 75.0), Values(channels, 0.1, -1.7),
            Linear("patch", embed, channels * patch * patch, signed8), Values(embed, 1), Values(tokens * embed, 0.3), blocks, Norm(embed),
            Linear("head", 10, embed, signed8));
    }

    private LayerNorm Norm(int width) => new(Values(width, 0.1, 1), Values(width, 0.1));

    private QuantizedLinear Linear(string name, int m, int k, ActivationQuant? input)
    {
        sbyte[] codes = new sbyte[m * k];
        byte[] bits = new byte[m];
        float[] scales = new float[m];
        for (int row = 0; row < m; row++)
        {
            bits[row] = (byte)(_chance.Happens(0.5) ? 4 : 8);
            int levels = 1 << bits[row];
            for (int column = 0; column < k; column++) codes[row * k + column] = (sbyte)(_chance.Next(levels) - levels / 2);
            scales[row] = (float)((0.5 + _chance.NextDouble()) * 3 / (levels * Math.Sqrt(k)));
        }
        return new QuantizedLinear(name, m, k, codes, scales, bits, Values(m, 0.1), input);
    }

    private float[] Values(int count, double spread, double mean = 0)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float)(mean + spread * _chance.NextGaussian());
        return values;
    }
}
