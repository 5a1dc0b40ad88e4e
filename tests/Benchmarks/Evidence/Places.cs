using Hone.Data;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>Where evidence is kept: small results beside the method, weights and checkpoints in the user's cache.</summary>
/// <param name="Folder">For units.jsonl and the JSON table.</param>
/// <param name="Readme">The method's README; null: the table is written beside the JSON instead (trial scale).</param>
/// <param name="Cache">For blobs.</param>
internal sealed record Places(string Folder, string? Readme, string Cache)
{
    public string Units(string name) => Path.Combine(Folder, $"{name}.units.jsonl");

    public string Table(string name) => Path.Combine(Folder, $"{name}.json");

    public IBlobStore Blobs { get; } = new FolderBlobStore(Path.Combine(Cache, "blobs"));

    public string Checkpoint(Unit unit) => Path.Combine(Cache, "checkpoints", unit.Key);

    /// <summary>$XDG_CACHE_HOME/hone/evidence or ~/.cache/hone/evidence.</summary>
    public static string UserCache
    {
        get
        {
            string? set = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            string root = string.IsNullOrEmpty(set) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache") : set;
            return Path.Combine(root, "hone", "evidence");
        }
    }

    /// <summary>The folder of Cluster.sln.</summary>
    /// <exception cref="HoneException">The program does not lie in a repository.</exception>
    public static string Repository
    {
        get
        {
            for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "Cluster.sln"))) return folder.FullName;
            throw new HoneException($"evidence: expected the repository's Cluster.sln above {AppContext.BaseDirectory}; run it from a checkout with dotnet run");
        }
    }
}
