namespace Hone.Data;

/// <summary>Files that are either the old ones or the new ones, whole, whatever happens in between.</summary>
public static class AtomicFile
{
    private const string Mark = ".tmp-";

    /// <summary>
    /// Writes to a temporary name in the same folder, syncs the bytes to the disk and renames. When anything fails the temporary file is
    /// removed, the file stays as it was and the error passes through.
    /// </summary>
    /// <param name="path">Its folder is created when missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">For example a full disk.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        string temporary = NewName(folder);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes these bytes.</summary>
    /// <exception cref="IOException">For example a full disk.</exception>
    public static void Write(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>A temporary name in the folder that no other process takes.</summary>
    internal static string NewName(string folder) => Path.Combine(folder, Mark + Path.GetRandomFileName());
}
