using Hone.Data;
using Hone.Model;

namespace Hone.Studies.Images;

/// <summary>A member's files, written to a folder of their own and then to the blob store.</summary>
internal static class MemberFiles
{
    /// <param name="write">Writes them into the folder that it is given.</param>
    public static ValueList<NamedBlob> Store(IBlobStore blobs, Action<string> write)
    {
        string folder = Directory.CreateTempSubdirectory("hone-member-").FullName;
        try
        {
            write(folder);
            return Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(Put).ToValueList();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        NamedBlob Put(string file)
        {
            using FileStream stream = File.OpenRead(file);
            return new NamedBlob(Path.GetFileName(file), blobs.Put(stream));
        }
    }

    /// <summary>A blob's bytes.</summary>
    public static byte[] Bytes(IBlobStore blobs, BlobId blob)
    {
        using Stream stream = blobs.Open(blob);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>A checkpoint's writer that puts it into the store and tells its step once its bytes are safe.</summary>
    public static Action<long, Action<Stream>> Saving(IBlobStore blobs, Action<BlobId, long> checkpointed) => (step, write) =>
    {
        using var bytes = new MemoryStream();
        write(bytes);
        checkpointed(blobs.Put(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)), step);
    };
}
