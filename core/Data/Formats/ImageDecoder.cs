using Hone.Model;
using SkiaSharp;

namespace Hone.Data;

/// <summary>Decodes a PNG or JPEG file and brings it to a shape. Transparency, colour profiles and the EXIF orientation are ignored.</summary>
internal static class ImageDecoder
{
    /// <summary>Writes the image as (C, size, size) bytes.</summary>
    /// <param name="output">Length channels * size * size.</param>
    /// <exception cref="HoneException">The file is no image, damaged or cut short.</exception>
    public static void Decode(string path, ImageShape shape, Span<byte> output)
    {
        using SKData data = SKData.Create(path) ?? throw Bad(path, "cannot be read or is empty");
        using SKCodec codec = SKCodec.Create(data) ?? throw Bad(path, "is no PNG or JPEG image");
        int height = codec.Info.Height, width = codec.Info.Width, size = shape.Size;
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        SKCodecResult result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success) throw Bad(path, $"is damaged ({result})");

        ReadOnlySpan<byte> rgba = bitmap.GetPixelSpan(); // (height, width, 4)
        byte[] plane = new byte[height * width]; // (height, width)
        for (int c = 0; c < shape.Channels; c++)
        {
            for (int i = 0; i < plane.Length; i++)
                plane[i] = shape.Channels == 1 ? Grey(rgba.Slice(4 * i, 3)) : rgba[4 * i + c];
            Resize.Bilinear(plane, height, width, output.Slice(c * size * size, size * size), size);
        }
    }

    /// <summary>Luma of ITU-R BT.601 in whole numbers.</summary>
    private static byte Grey(ReadOnlySpan<byte> rgb) => (byte)((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000);

    private static HoneException Bad(string path, string what) => new($"{path} {what}: expected a whole PNG or JPEG image; replace or remove the file");
}
