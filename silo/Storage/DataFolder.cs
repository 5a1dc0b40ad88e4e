using System.Text.Json;
using Hone.Contracts;
using Hone.Data;
using Hone.Model;

namespace Hone.Silo.Storage;

/// <summary>Another silo holds the data folder.</summary>
internal sealed class BusyException(string message) : HoneException(message);

/// <summary>
/// A silo's data folder, held by an operating-system lock for as long as the process lives: a pid file proves nothing, a lock that dies with its
/// process does.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(15);
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private static readonly string[] OfThisRun = [ClusterAddress.PidFile, ClusterAddress.UrlFile, ClusterAddress.TokenFile];
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock) => (Root, _lock) = (path, @lock);

    public string Root { get; }

    /// <summary>Opens the folder, making it when it is missing; waits 15 s for another silo to let go.</summary>
    /// <exception cref="BusyException">It is still held.</exception>
    /// <exception cref="HoneException">It is of another format.</exception>
    public static async Task<DataFolder> Open(string path, TimeProvider clock, CancellationToken cancel)
    {
        ClusterAddress.MakeFolder(path);
        long start = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return Own(path, new FileStream(Path.Combine(path, ClusterAddress.LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (ClusterAddress.IsHeld(e))
            {
                if (clock.GetElapsedTime(start) >= LockPatience)
                    throw new BusyException($"busy: the data folder {path} is held by pid {ReadOr(path, ClusterAddress.PidFile)} at {ReadOr(path, ClusterAddress.UrlFile)}; "
                        + "wait for it to end, or use another --data-dir");
                await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancel);
            }
        }
    }

    private static DataFolder Own(string path, FileStream held)
    {
        try
        {
            if (File.Exists(Path.Combine(path, ClusterAddress.AddressFile))) ClusterAddress.Read(path);   // refuses another format
            foreach (string stale in OfThisRun) File.Delete(Path.Combine(path, stale));
            return new DataFolder(path, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>A random password for the folder's store, made once, readable by the user alone.</summary>
    /// <exception cref="HoneException">There is one, but it is empty or others can read it.</exception>
    public string Password()
    {
        string path = Path.Combine(Root, "store.password");
        if (!File.Exists(path)) WritePrivate(path, Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
            throw new HoneException($"{path}: expected a file that only its user can read, others can; run 'chmod 600' on it if the folder was never shared, or use another --data-dir");
        string password = File.ReadAllText(path).Trim();
        return password.Length > 0 ? password : throw new HoneException($"{path}: expected the store's password, the file is empty; delete it and start again");
    }

    /// <summary>Says how to reach the cluster.</summary>
    public void WriteAddress(ClusterAddress address) =>
        WritePrivate(Path.Combine(Root, ClusterAddress.AddressFile), JsonSerializer.Serialize(address, StudyJson.Options));

    /// <summary>Says that the silo is not to be asked any more; the lock is held on.</summary>
    public void Close()
    {
        foreach (string file in OfThisRun) File.Delete(Path.Combine(Root, file));
    }

    public void Dispose()
    {
        Close();
        _lock.Dispose();
    }

    private static void WritePrivate(string path, string text) => AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)), secret: true);

    private static string ReadOr(string path, string file)
    {
        string full = Path.Combine(path, file);
        return File.Exists(full) ? File.ReadAllText(full).Trim() : "(unknown)";
    }
}
