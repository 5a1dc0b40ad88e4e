using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Hone.Model;

namespace Hone.Contracts.Local;

/// <summary>
/// A redis-server of this machine on a free loopback port, with an append-only file synced every second. It ends with this process, however that ends: a shell waits for the end of
/// our pipe and stops it then.
/// </summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private const string Guard = "trap '' INT; redis-server \"$@\" & cat > /dev/null; kill -TERM $! 2> /dev/null; wait $!";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Process _guard;

    private RedisProcess(Process guard, int port) => (_guard, Port) = (guard, port);

    public int Port { get; }

    /// <summary>HOST:PORT.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Whether the PATH has it; where there is no shell it counts as missing.</summary>
    public static bool IsInstalled => !OperatingSystem.IsWindows() && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, "redis-server")));

    /// <summary>Starts one; ready when it listens.</summary>
    /// <param name="folder">For its files; made where it is missing.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="HoneException">It is not installed, or does not start.</exception>
    public static async Task<RedisProcess> StartAsync(string folder, CancellationToken cancel)
    {
        if (!IsInstalled) throw new HoneException("expected redis-server on the PATH, it is not there; install it (apt-get install redis-server) and run again");
        Directory.CreateDirectory(folder);
        int port = FreePort();
        var start = new ProcessStartInfo("sh", ["-c", Guard, "sh", "--bind", "127.0.0.1", "--port", $"{port}", "--dir", folder, "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--logfile", Path.Combine(folder, "redis.log")])
        {
            UseShellExecute = false, RedirectStandardInput = true,
        };
        try
        {
            var redis = new RedisProcess(Process.Start(start)!, port);
            await redis.ReadyAsync(cancel);
            return redis;
        }
        catch (Win32Exception e)
        {
            throw new HoneException($"expected a shell to start redis-server with, there is none ({e.Message})", e);
        }
    }

    /// <summary>Stops it, and kills it where it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        await _guard.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_guard.HasExited) _guard.Kill(entireProcessTree: true);
        _guard.Dispose();
    }

    private async Task ReadyAsync(CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port, cancel);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(50, cancel);
            }
            catch (SocketException e)
            {
                await DisposeAsync();
                throw new HoneException($"expected redis-server to answer on port {Port}, it does not ({e.Message})", e);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
