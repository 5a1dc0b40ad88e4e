using System.Security.Cryptography;
using Hone.Model;

namespace Hone.Data;

/// <summary>
/// Blobs as files ROOT/ab/abcdef..., shared by any number of processes. A blob appears whole, by rename, after its bytes are synced. Putting a
/// damaged blob's bytes again mends it.
/// </summary>
public sealed class FolderBlobStore(string root) : IBlobStore
{
    /// <summary>Up to this size a blob is read into memory once, checked there; larger ones are read twice.</summary>
    private const int Small = 16 << 20;

    public BlobId Put(ReadOnlySpan<byte> content)
    {
        var id = BlobId.Of(content);
        string path = FileOf(id);
        if (IsWhole(path, id)) return id;
        byte[] copy = content.ToArray();
        AtomicFile.Write(path, copy);
        return id;
    }

    public BlobId Put(Stream content)
    {
        Directory.CreateDirectory(root);
        string temporary = AtomicFile.NewName(root); // the folder's name is known only at the end; a rename within the root is still atomic
        try
        {
            BlobId id = WriteHashed(content, temporary);
            string path = FileOf(id);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Place(temporary, path);
            return id;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    public Stream Open(BlobId id)
    {
        string path = FileOf(id);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new HoneException($"blob {id} is not in {root}: it was never stored or was deleted; give the data folder it was written to", e);
        }
        Stream content = file;
        if (file.Length <= Small)
        {
            byte[] bytes = new byte[file.Length];
            using (file) file.ReadExactly(bytes);
            content = new MemoryStream(bytes, writable: false);
        }
        string got = Convert.ToHexStringLower(SHA256.HashData(content));
        if (got != id.Hex)
        {
            content.Dispose();
            throw new HoneException($"blob {path} is damaged: expected SHA-256 {id}, got {got}; delete the file and make it again (continue the study)");
        }
        content.Position = 0;
        return content;
    }

    public bool Has(BlobId id) => File.Exists(FileOf(id));

    public void Delete(BlobId id)
    {
        if (Directory.Exists(Path.GetDirectoryName(FileOf(id)))) File.Delete(FileOf(id));
    }

    private string FileOf(BlobId id) => Path.Combine(root, id.Hex[..2], id.Hex);

    private static BlobId WriteHashed(Stream content, string path)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        byte[] buffer = new byte[1 << 17];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            sha.AppendData(buffer, 0, read);
            file.Write(buffer, 0, read);
        }
        file.Flush(flushToDisk: true);
        return new BlobId(Convert.ToHexStringLower(sha.GetHashAndReset()));
    }

    private static bool IsWhole(string path, BlobId id)
    {
        if (!File.Exists(path)) return false;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return Convert.ToHexStringLower(SHA256.HashData(file)) == id.Hex;
    }
}
