using Hone.Model;

namespace Hone.Neural.Training;

/// <summary>Turns the pixel bytes of square images into the numbers of patches.</summary>
/// <param name="side">Of the image; a multiple of <paramref name="patch"/>.</param>
/// <param name="valueOf">Shape (256): the number of each byte. What lies beside the image counts as byte 0.</param>
internal sealed class PatchReader(int channels, int side, int patch, float[] valueOf)
{
    /// <summary>Patches of an image.</summary>
    public int Patches { get; } = side / patch * (side / patch);

    /// <summary>K0, numbers of a patch.</summary>
    public int PatchSize { get; } = channels * patch * patch;

    /// <summary>One image, shape (patches, channel * y * x), cropped at (dx, dy) with black borders and mirrored if asked.</summary>
    public void Write(ReadOnlySpan<byte> pixels, Span<float> values, int dx = 0, int dy = 0, bool mirror = false)
    {
        int across = side / patch, at = 0;
        for (int py = 0; py < across; py++)
            for (int px = 0; px < across; px++)
                for (int c = 0; c < channels; c++)
                    for (int y = py * patch; y < (py + 1) * patch; y++)
                        for (int x = px * patch; x < (px + 1) * patch; x++)
                        {
                            int sy = y + dy, sx = (mirror ? side - 1 - x : x) + dx;
                            bool inside = (uint)sy < (uint)side && (uint)sx < (uint)side;
                            values[at++] = valueOf[inside ? pixels[(c * side + sy) * side + sx] : 0];
                        }
    }

    /// <summary>Whole images in order, shape (N, patches, K0) flattened.</summary>
    public float[] Read(ImageSet images)
    {
        int length = Patches * PatchSize;
        float[] values = new float[images.Count * length];
        for (int i = 0; i < images.Count; i++)
            Write(images.Pixels.AsSpan(i * images.Stride, images.Stride), values.AsSpan(i * length, length));
        return values;
    }
}
