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
    /// <param name="secret">Readable by the user alone, from the first byte on.</param>
    /// <exception cref="IOException">For example a full disk.</exception>
    public static void Write(string path, Action<Stream> write, bool secret = false)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        string temporary = NewName(folder);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (secret && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(temporary, options))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            Place(temporary, path);
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

    /// <summary>Removes what writers that were killed left behind, in the folder and those below it.</summary>
    /// <param name="folder">Nothing happens when it is not there.</param>
    /// <param name="olderThan">What was written to later may be somebody's who is still writing.</param>
    public static void Sweep(string folder, DateTime olderThan)
    {
        if (!Directory.Exists(folder)) return;
        foreach (string left in Directory.EnumerateFiles(folder, Mark + "*", SearchOption.AllDirectories))
            if (File.GetLastWriteTimeUtc(left) < olderThan.ToUniversalTime()) File.Delete(left);
    }

    /// <summary>Gives a synced file its name; the name, too, is on the disk when this returns.</summary>
    internal static void Place(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        FolderSync.Sync(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>A temporary name in the folder that no other process takes.</summary>
    internal static string NewName(string folder) => Path.Combine(folder, Mark + Path.GetRandomFileName());
}
