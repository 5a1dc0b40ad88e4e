using System.Security.Cryptography;
using Hone.Model;

namespace Hone.Client.Cluster;

/// <summary>Bytes that came from afar, held in a temporary file and checked before the first is handed out.</summary>
internal static class CheckedBlob
{
    private const int Buffer = 1 << 17;

    /// <param name="blob">Its name.</param>
    /// <param name="receive">Writes what comes.</param>
    /// <exception cref="HoneException">Something else came.</exception>
    public static async Task<Stream> ReceiveAsync(BlobId blob, Func<Stream, Task> receive, CancellationToken cancel)
    {
        var file = new FileStream(Path.Combine(Path.GetTempPath(), "hone-" + Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, Buffer, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await receive(file);
            file.Position = 0;
            string got = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
            if (got != blob.Hex) throw new HoneException($"blob {blob}: expected bytes of that SHA-256, the cluster sent others ({got}); run the same command again");
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
