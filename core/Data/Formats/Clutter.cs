using Hone.Model;

namespace Hone.Data;

/// <summary>
/// A garment at a random place of a larger frame, among crops of other garments: an image in which most patches do not matter, and which ones do
/// differs from image to image. Each image is a function of its number and its part alone.
/// </summary>
internal static class Clutter
{
    /// <summary>Side of the frame in pixels.</summary>
    public const int Side = 42;

    private const int Crops = 4, Crop = 7;
    private const int Draws = 8, Visible = 64;   // of a crop: the first with this mean brightness, else the brightest drawn
    private const ulong Seed = 1;                // of the data set itself; a study's seed has no part in it

    /// <summary>The cluttered images of one part; crops come from other images of the same part. Labels are the garments'.</summary>
    public static ImageSet Of(ImageSet garments, Part part)
    {
        byte[] pixels = new byte[garments.Count * Side * Side];
        for (int i = 0; i < garments.Count; i++)
            Draw(garments, i, pixels.AsSpan(i * Side * Side, Side * Side), new Chance(Seed, Streams.Clutter, 2 * (uint)i + (part == Part.Test ? 1u : 0)));
        return new ImageSet(pixels, garments.Labels, 1, Side, Side, garments.Classes);
    }

    private static void Draw(ImageSet garments, int index, Span<byte> frame, Chance chance)
    {
        int side = garments.Width;
        for (int c = 0; c < Crops; c++)
        {
            (int image, int x, int y) from = Bright(garments, index, chance);
            int left = chance.Next(Side - Crop + 1), top = chance.Next(Side - Crop + 1);
            for (int row = 0; row < Crop; row++)
                garments.Pixels.AsSpan(from.image * garments.Stride + (from.y + row) * side + from.x, Crop).CopyTo(frame[((top + row) * Side + left)..]);
        }
        int dx = chance.Next(Side - side + 1), dy = chance.Next(Side - side + 1);
        for (int row = 0; row < side; row++)
            for (int column = 0; column < side; column++)
                if (garments.Pixels[index * garments.Stride + row * side + column] is > 0 and byte pixel) frame[(dy + row) * Side + dx + column] = pixel;   // in front of the crops
    }

    private static (int Image, int X, int Y) Bright(ImageSet garments, int index, Chance chance)
    {
        (int, int, int) best = default;
        int brightest = -1;
        for (int draw = 0; draw < Draws && brightest < Visible * Crop * Crop; draw++)
        {
            int other = chance.Next(garments.Count - 1), x = chance.Next(garments.Width - Crop + 1), y = chance.Next(garments.Height - Crop + 1), sum = 0;
            if (other >= index) other++;   // never the garment itself
            for (int row = 0; row < Crop; row++)
                foreach (byte pixel in garments.Pixels.AsSpan(other * garments.Stride + (y + row) * garments.Width + x, Crop)) sum += pixel;
            if (sum > brightest) (brightest, best) = (sum, (other, x, y));
        }
        return best;
    }
}
