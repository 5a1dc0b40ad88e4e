using Hone.Client.Specs;
using Hone.Model;

namespace Hone.Client.Cluster;

/// <summary>A cluster that others run: restarts nothing. The Orleans client finds other silos by itself; when that brings nothing, it is made anew. One that was there is waited for longer than one that never was.</summary>
internal sealed class RemoteSession(ClusterOption cluster, CancellationToken lost = default) : IStudySession
{
    private const int MostOpenings = 10;
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);
    private ClusterConnection? _connection;
    private CancellationTokenSource _either = new();
    private int _openings;
    private bool _was;

    /// <summary>How long a cluster that never answered is waited for.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(30);

    public async Task<IStudySource> OpenAsync(string study, CancellationToken cancel)
    {
        if (++_openings > MostOpenings) await DisposeAsync();
        ClusterConnection connection = await ConnectAsync(cancel);
        _either.Dispose();   // of a source given up
        _either = CancellationTokenSource.CreateLinkedTokenSource(lost, connection.Lost);
        return new GrainStudySource(connection.Grains, study, _either.Token);
    }

    public async Task<Stream> OpenAsync(BlobId blob, string root, CancellationToken cancel) => await new GrainBlobs((await ConnectAsync(cancel)).Grains).OpenAsync(blob, root, cancel);

    public void Progressed() => _openings = 0;

    private async Task<ClusterConnection> ConnectAsync(CancellationToken cancel)
    {
        _connection ??= await ClusterConnection.OpenAsync(cluster, _was ? Again : First, cancel);
        _was = true;
        return _connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        (_connection, _openings) = (null, 0);
    }
}
