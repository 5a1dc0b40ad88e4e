using System.Text.Json;
using Hone.Model;

namespace Hone.Contracts;

/// <summary>How to reach a cluster; what an embedded silo leaves in its data folder for the commands of the same user (mode 0600).</summary>
/// <param name="Redis">HOST:PORT of the store.</param>
/// <param name="Password">Its password; empty where it has none.</param>
/// <param name="ClusterId">Orleans' cluster id.</param>
/// <param name="Version">The data folder's format.</param>
public sealed record ClusterAddress(string Redis, string Password, string ClusterId, int Version = ClusterAddress.FormatVersion)
{
    /// <summary>The data folder's format that this build reads and writes.</summary>
    public const int FormatVersion = 1;

    /// <summary>Orleans' service id: grain state is keyed by it, so it never changes.</summary>
    public const string ServiceId = "hone";

    /// <summary>File names inside a data folder.</summary>
    public const string AddressFile = "cluster.json", PidFile = "silo.pid", UrlFile = "api.url", TokenFile = "api.token", HealthFile = "health.url", LockFile = "lock", BlobFolder = "blobs", LogFile = "silo.log";

    /// <summary>A data folder that is made here is its user's alone; one that is there already keeps its mode.</summary>
    public static void MakeFolder(string dataFolder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(dataFolder);
        else Directory.CreateDirectory(dataFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Whether a silo lives on the folder: it holds the lock, which dies with it; a pid file proves nothing.</summary>
    public static bool IsHeld(string dataFolder)
    {
        string path = Path.Combine(dataFolder, LockFile);
        if (!File.Exists(path)) return false;
        try
        {
            using var shared = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);   // askers do not stand in each other's way
            return false;
        }
        catch (IOException e) when (IsHeld(e))
        {
            return true;
        }
    }

    /// <summary>Whether a file could not be opened because another process holds it.</summary>
    public static bool IsHeld(IOException error) => error.HResult is 11 or 35 || (error.HResult & 0xFFFF) is 32 or 33;   // EWOULDBLOCK on Linux and macOS; sharing and lock violations on Windows

    /// <summary>Reads DATA/cluster.json.</summary>
    /// <exception cref="HoneException">Missing, unreadable or of another format.</exception>
    public static ClusterAddress Read(string dataFolder)
    {
        string path = Path.Combine(dataFolder, AddressFile);
        if (!File.Exists(path)) throw new HoneException($"{dataFolder}: expected a data folder with {AddressFile}; none is there (run a study with --data-dir {dataFolder} first)");
        try
        {
            ClusterAddress address = JsonSerializer.Deserialize<ClusterAddress>(File.ReadAllText(path), StudyJson.Options) ?? throw new JsonException("empty");
            return address.Version == FormatVersion ? address
                : throw new HoneException($"{dataFolder}: expected a data folder of format {FormatVersion}, got {address.Version}; use the Hone that wrote it, or another --data-dir");
        }
        catch (JsonException e)
        {
            throw new HoneException($"{path}: expected a cluster address in JSON, got something else ({e.Message}); use another --data-dir", e);
        }
    }
}
