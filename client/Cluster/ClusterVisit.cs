using Hone.Client.Server;
using Hone.Client.Silo;
using Hone.Client.Specs;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Cluster;

/// <summary>
/// A short stay at a cluster for a question: the one that <c>--cluster</c> names, the one that runs on the data folder, or else a control silo on
/// that folder that is started for the question and stopped after it.
/// </summary>
internal sealed class ClusterVisit : IAsyncDisposable
{
    private const int MostLosses = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly IAsyncDisposable _held;
    private readonly IGrainFactory? _grains;
    private readonly SiloWatch? _watch;

    private ClusterVisit(IGrainFactory? grains, ICluster cluster, IAsyncDisposable held, SiloWatch? watch) => (_grains, Cluster, _held, _watch) = (grains, cluster, held, watch);

    /// <summary>What can be asked whatever the way there.</summary>
    public ICluster Cluster { get; }

    /// <param name="make">Whether a data folder is made where there is none.</param>
    /// <exception cref="HoneException">No cluster, or no data folder.</exception>
    public static async Task<ClusterVisit> OpenAsync(ClusterPlace place, CancellationToken cancel, bool make = false)
    {
        if (place.Server is not { } server) return await OpenAsync(place.DataDir, place.Cluster, cancel, make);
        var connection = new ServerConnection(server);
        return new ClusterVisit(null, new ServerCluster(connection), connection, null);
    }

    /// <summary>A study's session with whatever silo is there.</summary>
    public static IStudySession Session(ClusterPlace place) => place.Server is { } server ? new ServerSession(server) : new FolderSession(place.DataDir, place.Cluster);

    /// <exception cref="HoneException">No cluster, or no data folder.</exception>
    public static async Task<ClusterVisit> OpenAsync(string dataDir, string? cluster, CancellationToken cancel, bool make = false)
    {
        bool begins = make && cluster is null && !File.Exists(Path.Combine(dataDir, ClusterAddress.AddressFile));
        if (!begins && await RunningAsync(dataDir, cluster, cancel) is { } running)
        {
            SiloWatch? watch = cluster is null ? new SiloWatch(dataDir) : null;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, watch?.Gone ?? default);
            try
            {
                ClusterConnection connection = await ClusterConnection.OpenAsync(running, TimeSpan.FromSeconds(20), either.Token);
                return new ClusterVisit(connection.Grains, new GrainCluster(connection.Grains), connection, watch);
            }
            catch
            {
                watch?.Dispose();
                throw;
            }
        }
        LocalSession session = Control(dataDir);
        try
        {
            IGrainFactory grains = await session.GrainsAsync(cancel);
            return new ClusterVisit(grains, new GrainCluster(grains), session, null);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Asks during a visit. The silo of another command may stop while it is asked, when that command has its answer: then it is asked again, of a silo
    /// that is there. So a question must be one that may come twice.
    /// </summary>
    /// <exception cref="HoneException">The answer is no, or there is no cluster.</exception>
    public static Task<T> AskAsync<T>(string dataDir, string? cluster, Func<IGrainFactory, Task<T>> ask, CancellationToken cancel) =>
        AskAsync(new ClusterPlace(dataDir, cluster, null), visit => ask(visit._grains!), cancel);

    /// <summary>As above, whatever the way there.</summary>
    public static Task<T> AskAsync<T>(ClusterPlace place, Func<ICluster, Task<T>> ask, CancellationToken cancel) => AskAsync(place, visit => ask(visit.Cluster), cancel);

    /// <summary>Asks during a visit what must not come twice.</summary>
    public static async Task<T> AskOnceAsync<T>(ClusterPlace place, Func<ICluster, Task<T>> ask, CancellationToken cancel)
    {
        await using ClusterVisit visit = await OpenAsync(place, cancel);
        return await ask(visit.Cluster).WaitAsync(cancel);
    }

    private static async Task<T> AskAsync<T>(ClusterPlace place, Func<ClusterVisit, Task<T>> ask, CancellationToken cancel)
    {
        for (int losses = 0; ;)
        {
            try
            {
                await using ClusterVisit visit = await OpenAsync(place, cancel);
                return await ask(visit).WaitAsync(visit._watch?.Gone ?? default).WaitAsync(cancel);
            }
            catch (Exception e) when (!place.IsRemote && !cancel.IsCancellationRequested && IsLoss(e) && ++losses < MostLosses)
            {
                // asked again
            }
        }
    }

    /// <summary>The cluster that a command is told of or that runs on the data folder, waiting for one that is just starting or stopping; null when none runs there.</summary>
    /// <exception cref="HoneException">No data folder, or the silo on it does not become ready.</exception>
    public static async Task<ClusterOption?> RunningAsync(string dataDir, string? cluster, CancellationToken cancel)
    {
        if (cluster is not null) return ClusterOption.Parse(cluster);
        long start = TimeProvider.System.GetTimestamp();
        while (ClusterAddress.IsHeld(dataDir))
        {
            if (SiloProcess.PidIn(Path.Combine(dataDir, ClusterAddress.PidFile)) is not null) return ClusterOption.Of(ClusterAddress.Read(dataDir));
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
                throw new HoneException($"expected the silo that holds {dataDir} to be ready or gone within {Patience.TotalSeconds:0} s, it is neither; see {Path.Combine(dataDir, ClusterAddress.LogFile)}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancel);
        }
        ClusterAddress.Read(dataDir);
        return null;
    }

    /// <summary>A silo without compute slots on a data folder.</summary>
    public static LocalSession Control(string dataDir) =>
        new(new SiloLaunch(SiloProgram.Find(), Path.GetFullPath(dataDir), "control", 0), _ => { });

    /// <summary>Whether an error means that the silo went away, or came in between, not that it said no.</summary>
    internal static bool IsLoss(Exception error) => error is TimeoutException or OrleansException or OperationCanceledException or SiloBusyException or HoneException { InnerException: not null };

    public ValueTask DisposeAsync()
    {
        _watch?.Dispose();
        return _held.DisposeAsync();
    }
}
