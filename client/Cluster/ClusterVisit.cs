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
    private readonly IAsyncDisposable _held;

    private ClusterVisit(IGrainFactory grains, IAsyncDisposable held) => (Grains, _held) = (grains, held);

    public IGrainFactory Grains { get; }

    /// <exception cref="HoneException">No cluster, or no data folder.</exception>
    public static async Task<ClusterVisit> OpenAsync(string dataDir, string? cluster, CancellationToken cancel)
    {
        if (Running(dataDir, cluster) is { } running)
        {
            ClusterConnection connection = await ClusterConnection.OpenAsync(running, TimeSpan.FromSeconds(20), cancel);
            return new ClusterVisit(connection.Grains, connection);
        }
        LocalSession session = Control(dataDir);
        try
        {
            return new ClusterVisit(await session.GrainsAsync(cancel), session);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>The cluster that a command is told of or that runs on the data folder; null when none runs there.</summary>
    public static ClusterOption? Running(string dataDir, string? cluster)
    {
        if (cluster is not null) return ClusterOption.Parse(cluster);
        ClusterAddress address = ClusterAddress.Read(dataDir);
        return SiloProcess.Runs(dataDir) ? ClusterOption.Of(address) : null;
    }

    /// <summary>The same choice for following a study.</summary>
    /// <exception cref="HoneException">No data folder.</exception>
    public static IStudySession Session(string dataDir, string? cluster) => Running(dataDir, cluster) is { } running ? new RemoteSession(running) : Control(dataDir);

    /// <summary>A silo without compute slots on a data folder.</summary>
    public static LocalSession Control(string dataDir) =>
        new(new SiloLaunch(SiloProgram.Find(), Path.GetFullPath(dataDir), "control", 0), _ => { });

    public ValueTask DisposeAsync() => _held.DisposeAsync();
}
