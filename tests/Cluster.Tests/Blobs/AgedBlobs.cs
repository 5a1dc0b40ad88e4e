using Hone.Model;

namespace Hone.Cluster.Tests.Blobs;

/// <summary>Makes blobs of a folder as old as a test needs them.</summary>
internal static class AgedBlobs
{
    public static void Set(string root, BlobId id, DateTimeOffset written) => File.SetLastWriteTimeUtc(Path.Combine(root, id.Hex[..2], id.Hex), written.UtcDateTime);

    /// <summary>All that are there.</summary>
    public static void All(string root, TimeSpan age)
    {
        foreach (string file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)) File.SetLastWriteTimeUtc(file, DateTime.UtcNow - age);
    }
}
