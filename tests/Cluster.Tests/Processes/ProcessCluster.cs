using System.Diagnostics;
using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Serialization;
using StackExchange.Redis;

namespace Hone.Cluster.Tests.Processes;

/// <summary>A redis-server, a control silo and two workers, each a process, and a client of theirs in the test's. What a test kills it starts again.</summary>
public sealed class ProcessCluster : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const string Id = "tests";
    private readonly Scratch _scratch = new();
    private readonly List<SiloRun> _silos = [];
    private IHost? _client;
    private int _started;

    /// <summary>The folder of the blob store that all share.</summary>
    internal string Blobs => Path.Combine(_scratch.Folder, "blobs");

    internal RedisServer Redis { get; private set; } = null!;

    internal SiloRun Control { get; private set; } = null!;

    internal SiloRun[] Workers { get; } = new SiloRun[2];

    public IGrainFactory Grains => _client!.Services.GetRequiredService<IClusterClient>();

    public async ValueTask InitializeAsync()
    {
        RedisServer.Needed();
        Redis = await RedisServer.Start(Path.Combine(_scratch.Folder, "redis"));
        (Control, Workers[0], Workers[1]) = (Silo("control"), Silo("worker"), Silo("worker"));
        foreach (SiloRun silo in _silos) await silo.Ready();
        _client = Client(Redis.Address, Id);
        await _client.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await Task.WhenAny(_client.StopAsync(new CancellationToken(true)), Task.Delay(TimeSpan.FromSeconds(2)));
        }
        foreach (SiloRun silo in _silos) await silo.DisposeAsync();
        if (Redis is not null) await Redis.DisposeAsync();
        _scratch.Dispose();
    }

    /// <summary>Starts a silo of the cluster; not yet ready.</summary>
    internal SiloRun Silo(string role, params string[] more)
    {
        SiloRun silo = SiloRun.Start(Path.Combine(_scratch.Folder, $"silo-{++_started}"),
            ["--role", role, "--redis", Redis.Address, "--cluster-id", Id, "--blobs", Blobs, "--slots", "1", .. more]);
        _silos.Add(silo);
        return silo;
    }

    internal SiloRun StartControl() => Control = Silo("control");

    /// <summary>Starts again what died in an earlier test, or by itself: on a machine so busy that probes wait for seconds, silos are taken for dead and end.</summary>
    internal async Task Complete()
    {
        if (!Control.Lives) StartControl();
        for (int i = 0; i < Workers.Length; i++)
            if (!Workers[i].Lives) StartWorker(i);
        await Control.Ready();
        foreach (SiloRun worker in Workers) await worker.Ready();
        await Comes(g => g.GetGrain<IStudyIndexGrain>("all").Running(), _ => true);   // the client may still hold the connection to one that was killed
    }

    /// <summary>A control silo takes the place of one that was killed.</summary>
    internal void Take(SiloRun control) => Control = control;

    internal SiloRun StartWorker(int i) => Workers[i] = Silo("worker");

    /// <summary>An Orleans client of a cluster with that store.</summary>
    internal static IHost Client(string redis, string id) => new HostBuilder()
        .ConfigureLogging(logging => logging.ClearProviders())
        .UseOrleansClient(client => client
            .UseRedisClustering(o => (o.ConfigurationOptions = ConfigurationOptions.Parse(redis)).AbortOnConnectFail = false)
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (id, ClusterAddress.ServiceId))
            .Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1))
            .Services.AddSerializer(serializer => serializer.AddHoneModel()))
        .Build();

    internal Task<T> Comes<T>(Func<IGrainFactory, Task<T>> ask, Func<T, bool> it) => Comes(() => ask(Grains), it, () => Control.Said);

    /// <summary>The answer, asked for again whatever goes wrong meanwhile, until it is as it should be.</summary>
    internal static async Task<T> Comes<T>(Func<Task<T>> ask, Func<T, bool> it, Func<string> said)
    {
        long start = Stopwatch.GetTimestamp();
        for (object? last = null; ; await Task.Delay(20))
        {
            try
            {
                T answer = await ask().WaitAsync(TimeSpan.FromSeconds(5));
                if (it(answer)) return answer;
                last = answer;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                last = e.Message;
            }
            if (Stopwatch.GetElapsedTime(start) > Patience) throw new TimeoutException($"it stayed at {last}; the silo said {said()}");
        }
    }

    internal Task<StudyStatus> Committed(string study, int least) => Comes(g => g.GetGrain<IStudyGrain>(study).Status(), s => s.Counts.Committed >= least);

    /// <summary>Waits for the end of a study; the lines of its journal.</summary>
    internal Task<List<string>> Journal(string study) => Journal(Grains, study, () => Control.Said);

    internal static async Task<List<string>> Journal(IGrainFactory grains, string study, Func<string> said)
    {
        await Comes(() => grains.GetGrain<IStudyGrain>(study).Status(), s => s.Phase == StudyPhase.Done, said);
        return await Comes(() => Lines(grains, study), _ => true, said);
    }

    private static async Task<List<string>> Lines(IGrainFactory grains, string study)
    {
        List<string> lines = [];
        await foreach (StudyUpdate update in grains.GetGrain<IStudyGrain>(study).Watch(0).WithBatchSize(1))
            foreach (TrialLine line in update.Trials.AsEnumerable()) lines.Add(line.Line);
        return lines;
    }
}
