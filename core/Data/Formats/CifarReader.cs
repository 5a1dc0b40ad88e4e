using System.Formats.Tar;
using System.IO.Compression;
using Hone.Model;

namespace Hone.Data;

/// <summary>
/// Reads CIFAR-10's binary version (Krizhevsky 2009): records of 3073 bytes, one label, then 1024 red, 1024 green and 1024 blue bytes of a
/// 32x32 image in row-major order, which is already (C, H, W).
/// </summary>
public static class CifarReader
{
    private const int Side = 32, Channels = 3, Stride = Channels * Side * Side, RecordLength = 1 + Stride;

    /// <summary>The files of the training part, in order.</summary>
    public static IReadOnlyList<string> TrainBatches { get; } = [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")];

    /// <summary>The file of the test part.</summary>
    public const string TestBatch = "test_batch.bin";

    /// <summary>Joins batches.</summary>
    /// <param name="batches">Name (for errors) and whole content of each.</param>
    /// <param name="classes">Labels must lie in 0..classes-1.</param>
    /// <exception cref="HoneException">A length that is no multiple of 3073, a label out of range.</exception>
    public static ImageSet Read(IReadOnlyList<(string Name, byte[] Content)> batches, int classes = 10)
    {
        int count = 0;
        foreach ((string name, byte[] content) in batches)
        {
            if (content.Length == 0 || content.Length % RecordLength != 0)
                throw new HoneException($"{name} holds {content.Length} bytes, expected a multiple of {RecordLength}: it is cut short or no CIFAR-10 batch");
            count += content.Length / RecordLength;
        }
        byte[] pixels = new byte[count * Stride], labels = new byte[count]; // (N, 3, 32, 32), (N)
        int image = 0;
        foreach ((string name, byte[] content) in batches)
        {
            for (int at = 0; at < content.Length; at += RecordLength, image++)
            {
                if (content[at] >= classes)
                    throw new HoneException($"{name}: label {content[at]} of record {at / RecordLength} is out of range, expected 0 to {classes - 1}");
                labels[image] = content[at];
                content.AsSpan(at + 1, Stride).CopyTo(pixels.AsSpan(image * Stride));
            }
        }
        return new ImageSet(pixels, labels, Channels, Side, Side, classes);
    }

    /// <summary>The named batches of a tar.gz, in the order asked for, wherever they lie inside it.</summary>
    /// <param name="archive">The tar.gz; left open.</param>
    /// <param name="name">The archive's name, for errors.</param>
    /// <param name="wanted">File names without folders.</param>
    /// <exception cref="HoneException">A batch is missing or the archive is damaged.</exception>
    public static IReadOnlyList<(string Name, byte[] Content)> Unpack(Stream archive, string name, IReadOnlyList<string> wanted)
    {
        var found = new Dictionary<string, byte[]>();
        try
        {
            using var gunzip = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
            using var tar = new TarReader(gunzip);
            while (found.Count < wanted.Count && tar.GetNextEntry() is { } entry)
            {
                string file = Path.GetFileName(entry.Name);
                if (entry.DataStream is null || !wanted.Contains(file)) continue;
                using var content = new MemoryStream();
                entry.DataStream.CopyTo(content);
                if (content.Length != entry.Length) throw new EndOfStreamException($"{file} ends after {content.Length} of {entry.Length} bytes");
                found[file] = content.ToArray();
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new HoneException($"{name} is damaged or cut short ({e.Message.TrimEnd('.')}): move it away and fetch it again", e);
        }
        return [.. wanted.Select(file => (file, found.TryGetValue(file, out byte[]? content)
            ? content : throw new HoneException($"{name} holds no {file}: it is cut short or not CIFAR-10's binary version")))];
    }
}
