using Hone.Data;

namespace Hone.Grains.Blobs;

/// <summary>A folder's own name, in a file inside it: silos that mount the same folder at other paths find the same name.</summary>
internal static class StoreName
{
    private const string File = "store.name";

    /// <summary>Reads it, or gives one.</summary>
    /// <exception cref="IOException">The folder can be neither read nor written.</exception>
    public static string Of(string folder)
    {
        string path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path)) AtomicFile.Write(path, System.Text.Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N")));
        return System.IO.File.ReadAllText(path);   // of two that write at once the later name holds for both from the next question on
    }
}
