using System.Diagnostics;
using Hone.Client.Silo;
using Hone.Client.Specs;
using Hone.Contracts.Local;
using Hone.Model;

namespace Hone.Client.Chaos;

/// <summary>A store, a control silo, workers and a watching client, each a process, that can be killed and started again. What is left at the end is killed.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    public const int Workers = 2;
    private readonly string _folder, _study;
    private readonly RedisProcess _redis;
    private readonly SiloProcess?[] _silos = new SiloProcess?[1 + Workers];   // the control silo first
    private Process? _client;

    private ChaosCluster(string folder, string study, RedisProcess redis) => (_folder, _study, _redis) = (folder, study, redis);

    /// <summary>Whether there is a watching client.</summary>
    public bool ClientRuns => _client is not null;

    /// <summary>How its silos are found.</summary>
    public string Address => $"redis={_redis.Address};id=chaos";

    /// <summary>Where the watching client writes.</summary>
    public string ClientFolder => Path.Combine(_folder, "client");

    public ClusterOption Option => ClusterOption.Parse(Address);

    /// <summary>Starts all but the client.</summary>
    public static async Task<ChaosCluster> StartAsync(string folder, string study, CancellationToken cancel)
    {
        var cluster = new ChaosCluster(folder, study, await RedisProcess.StartAsync(Path.Combine(folder, "redis"), cancel));
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 1 + Workers).Select(i => cluster.StartSiloAsync(i, cancel)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(Death death)
    {
        if (death.Victim == Victim.Client) await EndClientAsync();
        else if (_silos[Index(death)] is { } silo)
        {
            silo.Kill();
            await silo.DisposeAsync();
        }
    }

    public Task StartAsync(Death death, CancellationToken cancel)
    {
        if (death.Victim != Victim.Client) return StartSiloAsync(Index(death), cancel);
        StartClient();
        return Task.CompletedTask;
    }

    /// <summary>Starts <c>hone watch</c> on the study.</summary>
    public void StartClient()
    {
        var start = new ProcessStartInfo(Program(), ["watch", _study, "--cluster", Address, "--out", ClientFolder, "--json"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        _client = Process.Start(start)!;
        _client.OutputDataReceived += (_, _) => { };
        _client.ErrorDataReceived += (_, _) => { };
        _client.BeginOutputReadLine();
        _client.BeginErrorReadLine();
    }

    /// <summary>The client's exit code; null when it did not end in time.</summary>
    public async Task<int?> ClientEndedAsync(TimeSpan most)
    {
        using var limit = new CancellationTokenSource(most);
        await _client!.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _client.HasExited ? _client.ExitCode : null;
    }

    public async ValueTask DisposeAsync()
    {
        await EndClientAsync();
        foreach (SiloProcess? silo in _silos)
        {
            silo?.Kill();
            if (silo is not null) await silo.DisposeAsync();
        }
        await _redis.DisposeAsync();
    }

    private static int Index(Death death) => death.Victim == Victim.Silo ? 0 : 1 + death.Which;

    private async Task StartSiloAsync(int i, CancellationToken cancel)
    {
        var launch = new SiloLaunch(SiloProgram.Find(), Path.Combine(_folder, $"silo-{i}"), i == 0 ? "control" : "worker", 1)
        {
            More = ["--redis", _redis.Address, "--cluster-id", "chaos", "--blobs", Path.Combine(_folder, "blobs")],
        };
        _silos[i] = await SiloProcess.StartAsync(launch, cancel);
    }

    private async Task EndClientAsync()
    {
        if (_client is null) return;
        if (!_client.HasExited) _client.Kill();
        await _client.WaitForExitAsync();
        _client.Dispose();
        _client = null;
    }

    // This program, wherever it runs inside another.
    private static string Program()
    {
        string here = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hone.exe" : "hone");
        return File.Exists(here) ? here : throw new HoneException($"chaos: expected the hone program at {here}, it is not there; build the client again");
    }
}
