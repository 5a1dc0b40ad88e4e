using System.Diagnostics;
using Hone.Silo.Storage;

namespace Hone.Cluster.Tests.Processes;

/// <summary>A redis-server of the test's own, on a free loopback port, with an append-only file in a folder that outlives it.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "redis-server";
    private readonly string _folder;
    private Process? _process;

    private RedisServer(string folder, int port) => (_folder, Port) = (folder, port);

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Skips the test where the program is not installed.</summary>
    public static void Needed() => Assert.SkipUnless(IsInstalled, "install redis-server (apt-get install redis-server)");

    private static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, Program)));

    public static async Task<RedisServer> Start(string folder)
    {
        var server = new RedisServer(Directory.CreateDirectory(folder).FullName, Ports.Free(1)[0]);
        await server.Restart();
        return server;
    }

    /// <summary>Starts it on the same port and folder; ready when it answers.</summary>
    public Task Restart() => Launch("yes");

    /// <summary>
    /// Starts one from a copy: a folder with a dump.rdb. Redis reads a dump only where it keeps no append-only file, so that is switched on afterwards.
    /// </summary>
    public static async Task<RedisServer> Restore(string folder)
    {
        var server = new RedisServer(folder, Ports.Free(1)[0]);
        await server.Launch("no");
        Assert.Equal("OK", (await server.Ask("config", "set", "appendonly", "yes")).Output);
        return server;
    }

    public async Task Kill()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>It lives and answers nobody, as behind a broken network.</summary>
    public void Freeze() => _process!.Send(ProcessSignal.Stop);

    public void Thaw() => _process!.Send(ProcessSignal.Continue);

    public async Task<(int Code, string Output)> Ask(params string[] command)
    {
        using Process cli = Process.Start(new ProcessStartInfo("redis-cli", ["-p", $"{Port}", .. command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = await cli.StandardOutput.ReadToEndAsync();
        await cli.WaitForExitAsync();
        return (cli.ExitCode, output.Trim());
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not { HasExited: false }) return;
        Thaw();
        await Kill();
    }

    private async Task Launch(string appendOnly)
    {
        var start = new ProcessStartInfo(Program, ["--bind", "127.0.0.1", "--port", $"{Port}", "--dir", _folder, "--appendonly", appendOnly, "--appendfsync", "everysec", "--save", "", "--loglevel", "warning"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        for (int i = 0; i < 300; i++, await Task.Delay(20))
            if ((await Ask("ping")).Output == "PONG") return;
        throw new TimeoutException("redis-server did not answer");
    }
}
