using System.Diagnostics;
using System.Net.Sockets;
using Hone.Model;
using Hone.Silo.Storage;

namespace Hone.Silo.Bench;

/// <summary>The machine's redis-server on loopback with an append-only file synced every second, for as long as it is measured.</summary>
internal sealed class RedisServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Process _process;

    private RedisServer(Process process, int port) => (_process, Address) = (process, $"127.0.0.1:{port}");

    public string Address { get; }

    /// <summary>Starts one on a free port; null where there is no such program.</summary>
    /// <param name="folder">For its file.</param>
    public static RedisServer? TryStart(string folder)
    {
        Directory.CreateDirectory(folder);
        int port = Ports.Free(1)[0];
        var start = new ProcessStartInfo("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--appendonly", "yes", "--appendfsync", "everysec", "--dir", folder, "--save", "", "--logfile", Path.Combine(folder, "redis.log")]);
        try
        {
            var server = new RedisServer(Process.Start(start)!, port);
            server.Wait(port);
            return server;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Wait(int port)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience; Thread.Sleep(20))
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                // not yet
            }
        }
        Dispose();
        throw new HoneException($"expected redis-server to listen on port {port} within {Patience.TotalSeconds:0} s, it does not");
    }
}
