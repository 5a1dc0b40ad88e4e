using System.Security.Cryptography;
using Hone.Model;

namespace Hone.Data;

/// <summary>
/// Blobs as files ROOT/ab/abcdef..., shared by any number of processes. A blob appears whole, by rename, after its bytes are synced. Putting a
/// damaged blob's bytes again mends it; putting a whole one again renews the time that it was written.
/// </summary>
/// <param name="root">Made when the first blob is put.</param>
/// <param name="clock">The system's where nothing else is given, which is the one that stamps files.</param>
public sealed class FolderBlobStore(string root, TimeProvider? clock = null) : IBlobStore
{
    /// <summary>Up to this size a blob is read into memory once, checked there; larger ones are read twice.</summary>
    private const int Small = 16 << 20;

    public BlobId Put(ReadOnlySpan<byte> content)
    {
        var id = BlobId.Of(content);
        string path = FileOf(id);
        if (IsWhole(path, id) && Renew(path)) return id;
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

    public bool DeleteOlder(BlobId id, DateTimeOffset than)
    {
        string path = FileOf(id);
        if (!File.Exists(path) || Written(path) >= than) return false;
        // Whoever puts it again renews the file or, once it has no name, writes a new one; so what is old without its name is nobody's.
        // One that was renewed in between gets its name back within microseconds.
        string aside = AtomicFile.NewName(Path.GetDirectoryName(path)!);
        try
        {
            File.Move(path, aside);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        bool old = Written(aside) < than;
        if (old) File.Delete(aside);
        else AtomicFile.Place(aside, path);
        return old;
    }

    public IEnumerable<BlobEntry> List()
    {
        if (!Directory.Exists(root)) yield break;
        foreach (DirectoryInfo folder in new DirectoryInfo(root).EnumerateDirectories("??"))
            foreach (FileInfo file in folder.EnumerateFiles($"{folder.Name}*"))
                if (IsName(file.Name) && Size(file) is { } length) yield return new BlobEntry(new BlobId(file.Name), length, file.LastWriteTimeUtc);
    }

    /// <summary>Bytes of a blob; null when it is not there.</summary>
    public long? Length(BlobId id) => Size(new FileInfo(FileOf(id)));

    /// <summary>Bytes of a blob from an offset on, as they lie and unchecked, for those who check the whole themselves; null when it is not there.</summary>
    /// <param name="id">The blob.</param>
    /// <param name="offset">Of the first byte.</param>
    /// <param name="most">So many at most; fewer come at its end, none beyond it.</param>
    public byte[]? Part(BlobId id, long offset, int most)
    {
        try
        {
            using var file = new FileStream(FileOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            byte[] bytes = new byte[Math.Clamp(file.Length - offset, 0, most)];
            file.Position = offset;
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string FileOf(BlobId id) => Path.Combine(root, id.Hex[..2], id.Hex);

    private bool Renew(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, (clock ?? TimeProvider.System).GetUtcNow().UtcDateTime);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or UnauthorizedAccessException)
        {
            return false;   // let go just now, or another user's file in a shared folder: it is written anew
        }
    }

    private static DateTimeOffset Written(string path) => File.GetLastWriteTimeUtc(path);

    private static bool IsName(string name) => name.Length == 64 && !name.AsSpan().ContainsAnyExcept("0123456789abcdef");

    private static long? Size(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

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
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return Convert.ToHexStringLower(SHA256.HashData(file)) == id.Hex;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;   // never there, or let go just now
        }
    }
}
