namespace Hone.Model;

/// <summary>Labelled images in memory.</summary>
/// <param name="Pixels">Shape (N, C, H, W), one byte each.</param>
/// <param name="Labels">Shape (N), 0..Classes-1.</param>
public sealed record ImageSet(byte[] Pixels, byte[] Labels, int Channels, int Height, int Width, int Classes)
{
    public int Count => Labels.Length;

    /// <summary>Bytes per image: C * H * W.</summary>
    public int Stride => Channels * Height * Width;

    /// <summary>The images at these indices, in that order.</summary>
    public ImageSet Select(ReadOnlySpan<int> indices)
    {
        byte[] pixels = new byte[indices.Length * Stride], labels = new byte[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            Pixels.AsSpan(indices[i] * Stride, Stride).CopyTo(pixels.AsSpan(i * Stride));
            labels[i] = Labels[indices[i]];
        }
        return this with { Pixels = pixels, Labels = labels };
    }
}
