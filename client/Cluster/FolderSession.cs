using Hone.Model;

namespace Hone.Client.Cluster;

/// <summary>Whatever silo is there on a data folder: another command's as long as that lives, else a control silo of our own.</summary>
internal sealed class FolderSession(string dataDir, string? cluster) : IStudySession
{
    private IStudySession? _inner;
    private SiloWatch? _watch;

    public async Task<IStudySource> OpenAsync(string study, CancellationToken cancel)
    {
        return await (await InnerAsync(cancel)).OpenAsync(study, cancel);
    }

    public async Task<Stream> OpenAsync(BlobId blob, string root, CancellationToken cancel) => await (await InnerAsync(cancel)).OpenAsync(blob, root, cancel);

    private async Task<IStudySession> InnerAsync(CancellationToken cancel)
    {
        if (_watch is { Gone.IsCancellationRequested: true }) await DisposeAsync();
        if (_inner is null)
        {
            if (await ClusterVisit.RunningAsync(dataDir, cluster, cancel) is not { } running) _inner = ClusterVisit.Control(dataDir);
            else if (cluster is not null) _inner = new RemoteSession(running);
            else _inner = new RemoteSession(running, (_watch = new SiloWatch(dataDir)).Gone);
        }
        return _inner;
    }

    public void Progressed() => _inner?.Progressed();

    public async ValueTask DisposeAsync()
    {
        _watch?.Dispose();
        if (_inner is not null) await _inner.DisposeAsync();
        (_inner, _watch) = (null, null);
    }
}
