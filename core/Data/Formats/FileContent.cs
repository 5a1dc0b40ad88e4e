using System.IO.Compression;
using System.Security.Cryptography;
using Hone.Model;

namespace Hone.Data;

/// <summary>Reads a file of a data set and checks that it is the one the catalog knows.</summary>
internal static class FileContent
{
    /// <summary>The path under which the file lies in the folder, gzipped or not; null when it does not.</summary>
    public static string? Find(string folder, DataFile file) =>
        file.Names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The checked content.</summary>
    /// <exception cref="HoneException">Damaged, cut short or another file.</exception>
    public static byte[] Read(string path, DataFile file)
    {
        byte[] content = new byte[file.Length];
        Walk(path, file, content, null, default);
        return content;
    }

    /// <summary>Checks without keeping the content.</summary>
    /// <exception cref="HoneException">Damaged, cut short or another file.</exception>
    public static void Check(string path, DataFile file, IProgress<FetchProgress>? progress, CancellationToken cancel) =>
        Walk(path, file, null, progress, cancel);

    /// <summary>Opens a file, through gunzip when its first two bytes are gzip's (RFC 1952: 1f 8b).</summary>
    public static Stream Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        bool gzip = stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
        stream.Position = 0;
        return gzip ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    private static void Walk(string path, DataFile file, byte[]? into, IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        string what = $"checking {Path.GetFileName(path)}";
        byte[] buffer = new byte[1 << 20];
        long length = 0;
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            using Stream stream = file.Gunzip ? Open(path) : File.OpenRead(path);
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                cancel.ThrowIfCancellationRequested();
                if (length + read > file.Length) throw Wrong(path, file, $"holds more than the {file.Length} bytes expected");
                sha.AppendData(buffer, 0, read);
                if (into is not null) buffer.AsSpan(0, read).CopyTo(into.AsSpan((int)length));
                length += read;
                progress?.Report(new FetchProgress(what, length, file.Length));
            }
        }
        catch (InvalidDataException e)
        {
            throw Wrong(path, file, $"is damaged after {length} of {file.Length} bytes ({e.Message.TrimEnd('.')})");
        }
        if (length < file.Length) throw Wrong(path, file, $"is cut short: it holds {length} of {file.Length} bytes");
        string got = Convert.ToHexStringLower(sha.GetHashAndReset());
        if (got != file.Sha256) throw Wrong(path, file, $"has the SHA-256 {got}, expected {file.Sha256}");
    }

    private static HoneException Wrong(string path, DataFile file, string what) =>
        new($"{path} {what}{(file.Gunzip ? " (unpacked content)" : "")}: move it away and fetch it again with 'hone data get'");
}
