using Hone.Client.Specs;

namespace Hone.Client.Cluster;

/// <summary>A cluster that others run: reconnects, restarts nothing.</summary>
internal sealed class RemoteSession(ClusterOption cluster) : IStudySession
{
    private ClusterConnection? _connection;

    public async Task<IStudySource> OpenAsync(string study, CancellationToken cancel)
    {
        // The Orleans client finds other gateways by itself; a new connection is made only when there was none.
        _connection ??= await ClusterConnection.OpenAsync(cluster, TimeSpan.FromSeconds(30), cancel);
        return new GrainStudySource(_connection.Grains, study, CancellationToken.None);
    }

    public void Progressed()
    {
        // Nothing was started here, so there are no deaths to forget.
    }

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;
}
