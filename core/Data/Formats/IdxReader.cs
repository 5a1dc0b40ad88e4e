using System.Buffers.Binary;
using Hone.Model;

namespace Hone.Data;

/// <summary>
/// Reads IDX content (LeCun, Cortes, Burges, "The MNIST database"): a big-endian magic number 0x0000TTDD with element type TT (08: unsigned
/// byte) and DD dimensions, the dimensions as 32-bit numbers, then the elements in row-major order.
/// </summary>
public static class IdxReader
{
    private const uint Images = 0x0803, Labels = 0x0801;

    /// <summary>Pairs an images file with its labels file.</summary>
    /// <param name="images">Whole content of an idx3 file, unpacked.</param>
    /// <param name="labels">Whole content of an idx1 file, unpacked.</param>
    /// <param name="classes">Labels must lie in 0..classes-1.</param>
    /// <param name="imagesName">Named in errors.</param>
    /// <param name="labelsName">Named in errors.</param>
    /// <exception cref="HoneException">Wrong magic number, wrong length, counts that differ, a label out of range.</exception>
    public static ImageSet Read(
        ReadOnlySpan<byte> images, ReadOnlySpan<byte> labels, int classes, string imagesName = "images", string labelsName = "labels")
    {
        int[] shape = Header(images, Images, 3, imagesName); // (N, H, W)
        int[] count = Header(labels, Labels, 1, labelsName); // (N)
        if (shape[0] != count[0])
            throw new HoneException($"{imagesName} holds {shape[0]} images but {labelsName} holds {count[0]} labels: they do not belong together");
        byte[] pixels = images[16..].ToArray(), values = labels[8..].ToArray();
        int bad = values.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        if (bad >= 0) throw new HoneException($"{labelsName}: label {values[bad]} of image {bad} is out of range, expected 0 to {classes - 1}");
        return new ImageSet(pixels, values, Channels: 1, Height: shape[1], Width: shape[2], classes);
    }

    private static int[] Header(ReadOnlySpan<byte> content, uint magic, int dimensions, string name)
    {
        int header = 4 + 4 * dimensions;
        if (content.Length < header)
            throw new HoneException($"{name}: an IDX header takes {header} bytes, the file holds {content.Length}");
        uint got = BinaryPrimitives.ReadUInt32BigEndian(content);
        if (got != magic)
            throw new HoneException($"{name}: expected the IDX magic number 0x{magic:x8}, got 0x{got:x8}: not an IDX file of {dimensions} dimensions of bytes");
        int[] shape = new int[dimensions];
        UInt128 elements = 1;
        for (int i = 0; i < dimensions; i++)
        {
            uint extent = BinaryPrimitives.ReadUInt32BigEndian(content[(4 + 4 * i)..]);
            elements *= extent;
            shape[i] = unchecked((int)extent);
        }
        if (elements != (UInt128)(content.Length - header))
            throw new HoneException($"{name}: the header promises {elements} bytes, {content.Length - header} follow");
        return shape;
    }
}
