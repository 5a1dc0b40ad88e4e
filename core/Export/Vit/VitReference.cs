using Hone.Model;

namespace Hone.Export;

/// <summary>
/// The slow, obvious network: one image, plain loops, sums in double. It is kept to judge every faster form of a <see cref="VitModel"/>.
/// Letters as there; t, u: tokens, j: head.
/// </summary>
public static class VitReference
{
    /// <summary>Logits of one image; shape (Classes).</summary>
    /// <param name="pixels">Shape (C, H, W).</param>
    public static float[] Logits(VitModel model, ReadOnlySpan<byte> pixels)
    {
        model.Check();
        int e = model.Embed, tokens = model.Tokens;
        float[] x = Embed(model, pixels);                                             // (T, E)
        foreach (VitBlock block in model.Blocks)
        {
            float[] attended = Attention(block, Norm(x, tokens, block.Norm1, model.Epsilon), tokens, model.HeadWidth);
            AddScaled(x, Linear(attended, tokens, block.Proj), block.Scale1);
            float[] hidden = Linear(Norm(x, tokens, block.Norm2, model.Epsilon), tokens, block.Fc1);   // (T, R)
            for (int i = 0; i < hidden.Length; i++) hidden[i] = (float)VisionReference.Gelu(hidden[i]);
            AddScaled(x, Linear(hidden, tokens, block.Fc2), block.Scale2);
        }
        return Linear(Norm(x[..e], 1, model.Norm, model.Epsilon), 1, model.Head);
    }

    /// <summary>Logits of images one after the other; shape (N, Classes).</summary>
    /// <param name="pixels">Shape (N, C, H, W).</param>
    public static float[] Logits(VitModel model, ReadOnlySpan<byte> pixels, int count)
    {
        int stride = model.Channels * model.ImageSize * model.ImageSize;
        float[] logits = new float[count * model.Classes];
        for (int n = 0; n < count; n++) Logits(model, pixels.Slice(n * stride, stride)).CopyTo(logits, n * model.Classes);
        return logits;
    }

    private static float[] Embed(VitModel model, ReadOnlySpan<byte> pixels)
    {
        int c = model.Channels, p = model.Patch, size = model.ImageSize, side = size / p, e = model.Embed;
        VitModel.Length("pixels", pixels.Length, c * size * size);
        float[] patches = new float[model.Patches * c * p * p];                       // (patches, C, p, p)
        int at = 0;
        for (int row = 0; row < side; row++)
            for (int column = 0; column < side; column++)
                for (int channel = 0; channel < c; channel++)
                    for (int dy = 0; dy < p; dy++)
                        for (int dx = 0; dx < p; dx++)
                        {
                            byte pixel = pixels[(channel * size + row * p + dy) * size + column * p + dx];
                            patches[at++] = pixel * model.PixelScale[channel] + model.PixelOffset[channel];
                        }
        float[] x = [.. model.Cls, .. Linear(patches, model.Patches, model.PatchEmbed)];   // (T, E)
        for (int i = 0; i < x.Length; i++) x[i] += model.Positions[i];
        return x;
    }

    /// <summary>z (T, E) -> (T, A).</summary>
    private static float[] Attention(VitBlock block, float[] z, int tokens, int d)
    {
        int width = block.Heads * d;
        float[] qkv = Linear(z, tokens, block.Qkv);                                   // (T, 3A)
        ActivationQuant?[] quants = [block.Q, block.K, block.V];
        for (int i = 0; i < qkv.Length; i++) qkv[i] = quants[i % (3 * width) / width]?.Apply(qkv[i]) ?? qkv[i];
        float[] result = new float[tokens * width];
        double[] p = new double[tokens];
        for (int j = 0; j < block.Heads; j++)
            for (int t = 0; t < tokens; t++)
            {
                int q = t * 3 * width + j * d;
                for (int u = 0; u < tokens; u++)
                {
                    int k = u * 3 * width + width + j * d;
                    p[u] = 0;
                    for (int i = 0; i < d; i++) p[u] += (double)qkv[q + i] * qkv[k + i];
                    p[u] /= Math.Sqrt(d);
                }
                double highest = p.Max(), sum = p.Sum(score => Math.Exp(score - highest));
                for (int u = 0; u < tokens; u++)
                {
                    float share = (float)(Math.Exp(p[u] - highest) / sum);
                    p[u] = block.P?.Apply(share) ?? share;
                }
                for (int i = 0; i < d; i++)
                {
                    double mixed = 0;
                    for (int u = 0; u < tokens; u++) mixed += p[u] * qkv[u * 3 * width + 2 * width + j * d + i];
                    result[t * width + j * d + i] = (float)mixed;
                }
            }
        return result;
    }

    /// <summary>x (rows, K) -> (rows, M).</summary>
    private static float[] Linear(float[] x, int rows, QuantizedLinear linear)
    {
        float[] input = linear.In is { } quant ? Array.ConvertAll(x, quant.Apply) : x, y = new float[rows * linear.M];
        for (int row = 0; row < rows; row++)
            for (int m = 0; m < linear.M; m++)
            {
                double sum = 0;
                for (int k = 0; k < linear.K; k++) sum += (double)input[row * linear.K + k] * linear.Codes[m * linear.K + k];
                y[row * linear.M + m] = (float)(sum * linear.RowScales[m] + linear.Bias[m]);
            }
        return y;
    }

    private static float[] Norm(float[] x, int rows, LayerNorm norm, float epsilon)
    {
        int e = norm.Gamma.Length;
        float[] y = new float[rows * e];
        for (int row = 0; row < rows; row++)
        {
            float[] values = x[(row * e)..((row + 1) * e)];
            double mean = values.Average(v => (double)v), variance = values.Average(v => (v - mean) * (v - mean));
            for (int i = 0; i < e; i++) y[row * e + i] = (float)((values[i] - mean) / Math.Sqrt(variance + epsilon) * norm.Gamma[i] + norm.Beta[i]);
        }
        return y;
    }

    private static void AddScaled(float[] x, float[] branch, float[] scale)
    {
        for (int i = 0; i < x.Length; i++) x[i] += scale[i % scale.Length] * branch[i];
    }
}
