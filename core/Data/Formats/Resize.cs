namespace Hone.Data;

/// <summary>
/// Bilinear resizing with the triangle filter widened when shrinking (so that no pixel is skipped), in doubles and a fixed order: the same
/// bytes on every machine. Pixel centres lie at half coordinates; edges are renormalised.
/// </summary>
internal static class Resize
{
    /// <summary>One output pixel's window on the input: from First, with these weights, which sum to 1.</summary>
    private readonly record struct Window(int First, double[] Weights);

    /// <summary>Stretches one channel plane to size x size.</summary>
    /// <param name="plane">Shape (height, width).</param>
    /// <param name="output">Shape (size, size).</param>
    public static void Bilinear(ReadOnlySpan<byte> plane, int height, int width, Span<byte> output, int size)
    {
        if (height == size && width == size)
        {
            plane.CopyTo(output);
            return;
        }
        Window[] across = Windows(width, size), down = Windows(height, size);
        double[] rows = new double[height * size]; // (height, size): each row resized
        for (int y = 0; y < height; y++)
            for (int x = 0; x < size; x++)
                for (int k = 0; k < across[x].Weights.Length; k++)
                    rows[y * size + x] += across[x].Weights[k] * plane[y * width + across[x].First + k];
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                double sum = 0;
                for (int k = 0; k < down[y].Weights.Length; k++) sum += down[y].Weights[k] * rows[(down[y].First + k) * size + x];
                output[y * size + x] = (byte)Math.Clamp(Math.Floor(sum + 0.5), 0, 255);
            }
        }
    }

    private static Window[] Windows(int from, int to)
    {
        double scale = (double)from / to, support = Math.Max(scale, 1); // half width of the triangle in input pixels
        var windows = new Window[to];
        for (int i = 0; i < to; i++)
        {
            double centre = (i + 0.5) * scale;
            int first = Math.Max(0, (int)Math.Floor(centre - support)), end = Math.Min(from, (int)Math.Ceiling(centre + support));
            double[] weights = new double[end - first];
            double sum = 0;
            for (int k = 0; k < weights.Length; k++)
                sum += weights[k] = Math.Max(0, 1 - Math.Abs(first + k + 0.5 - centre) / support);
            for (int k = 0; k < weights.Length; k++) weights[k] /= sum;
            windows[i] = new Window(first, weights);
        }
        return windows;
    }
}
