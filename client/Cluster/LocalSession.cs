using Hone.Client.Silo;
using Hone.Client.Specs;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Cluster;

/// <summary>A silo of our own on a data folder: started at the first use, started again when it dies, stopped at the end.</summary>
internal sealed class LocalSession(SiloLaunch launch, Action<string> note) : IStudySession
{
    private readonly RestartPolicy _policy = new();
    private SiloProcess? _silo;
    private ClusterConnection? _connection;

    public async Task<IStudySource> OpenAsync(string study, CancellationToken cancel)
    {
        SiloProcess silo = await SiloAsync(cancel);
        return new GrainStudySource((await ConnectAsync(silo, cancel)).Grains, study, silo.Exited);
    }

    public async Task<IGrainFactory> GrainsAsync(CancellationToken cancel) => (await ConnectAsync(await SiloAsync(cancel), cancel)).Grains;

    public async Task<Stream> OpenAsync(BlobId blob, string root, CancellationToken cancel) => await new GrainBlobs(await GrainsAsync(cancel)).OpenAsync(blob, root, cancel);

    public void Progressed() => _policy.Progressed();

    /// <summary>Ends the silo at once, without its checkpoint: the user insists.</summary>
    public void Kill() => _silo?.Kill();

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        if (_silo is not null) await _silo.DisposeAsync();
        (_connection, _silo) = (null, null);
    }

    private async Task<SiloProcess> SiloAsync(CancellationToken cancel)
    {
        if (_silo is { Exited.IsCancellationRequested: false }) return _silo;
        if (_silo is not null)
        {
            HoneException reason = await _silo.EndedAsync("during the run", Path.Combine(launch.DataFolder, ClusterAddress.LogFile));
            await DisposeAsync();
            if (!_policy.Again()) throw new HoneException($"{reason.Message}; started again {RestartPolicy.Most} times without progress, run the same command to go on", reason);
            note($"{reason.Message}; starting it again ({_policy.Restarts} of {RestartPolicy.Most} without progress)");
        }
        _silo = await SiloProcess.StartAsync(launch, cancel);
        if (File.ReadAllText(Path.Combine(launch.DataFolder, ClusterAddress.UrlFile)).Trim() is { Length: > 0 } page) note($"page at {page}; `hone token show --data-dir {launch.DataFolder}` prints the token to log in with");
        return _silo;
    }

    private async Task<ClusterConnection> ConnectAsync(SiloProcess silo, CancellationToken cancel)
    {
        if (_connection is not null) return _connection;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, silo.Exited);
        return _connection = await ClusterConnection.OpenAsync(ClusterOption.Of(ClusterAddress.Read(launch.DataFolder)), TimeSpan.FromSeconds(60), either.Token);
    }
}
