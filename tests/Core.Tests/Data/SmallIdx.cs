using System.Buffers.Binary;
using System.IO.Compression;
using Hone.Data;
using Hone.Model;

namespace Hone.Core.Tests.Data;

/// <summary>A data set of 20 training and 10 test images of 3x5 pixels in IDX files, with the record that knows their hashes.</summary>
internal static class SmallIdx
{
    public const string Name = "small";

    public static readonly byte[][] Contents = [Images(20, 3, 5, 1), Labels(20, 4), Images(10, 3, 5, 2), Labels(10, 4)];

    private static readonly string[] Names = ["train-images.gz", "train-labels.gz", "test-images.gz", "test-labels.gz"];

    public static DataSetRecord Record { get; } = new(
        Name, "Small", DataFormat.Idx, ["a", "b", "c", "d"], 1, 3, 5, 20, 10,
        [.. Names.Zip(Contents, (name, content) => new DataFile(name, BlobId.Of(content).Hex, content.Length, Gunzip: true))],
        ["http://first.invalid/", "http://second.invalid/"], new SystemPackage("dataset-small", "usr/share/datasets/small"));

    public static DataCatalog Catalog { get; } = new(Record);

    public static byte[] Images(int count, int height, int width, int step) =>
        Idx(0x0803, [count, height, width], [.. Enumerable.Range(0, count * height * width).Select(i => (byte)(i * step))]);

    public static byte[] Labels(int count, int classes) => Idx(0x0801, [count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % classes))]);

    public static byte[] Idx(uint magic, int[] shape, byte[] elements)
    {
        byte[] content = new byte[4 + 4 * shape.Length + elements.Length];
        BinaryPrimitives.WriteUInt32BigEndian(content, magic);
        for (int i = 0; i < shape.Length; i++) BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4 + 4 * i), shape[i]);
        elements.CopyTo(content, 4 + 4 * shape.Length);
        return content;
    }

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>Writes all files, gzipped or raw.</summary>
    public static string WriteTo(string folder, bool gzip = true)
    {
        Directory.CreateDirectory(folder);
        for (int i = 0; i < Names.Length; i++)
            File.WriteAllBytes(Path.Combine(folder, gzip ? Names[i] : Names[i][..^3]), gzip ? Gzip(Contents[i]) : Contents[i]);
        return folder;
    }
}
