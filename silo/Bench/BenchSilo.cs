using Hone.Contracts;
using Hone.Data;
using Hone.Silo.Hosting;
using Hone.Silo.Storage;

namespace Hone.Silo.Bench;

/// <summary>A whole silo in this process, for a bench: on a store that is there, or on its own.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    private readonly EmbeddedStore? _store;
    private readonly WebApplication _app;

    private BenchSilo(EmbeddedStore? store, WebApplication app) => (_store, _app) = (store, app);

    public IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    /// <param name="folder">Its data folder.</param>
    /// <param name="redis">HOST:PORT of the store; null: its own.</param>
    /// <param name="slots">Compute slots.</param>
    public static async Task<BenchSilo> Start(string folder, string? redis, int slots)
    {
        Ports ports = Ports.Of(Directory.CreateDirectory(folder).FullName);
        EmbeddedStore? store = redis is null ? new EmbeddedStore(Path.Combine(folder, "store"), ports.Store, "bench") : null;
        var address = new ClusterAddress(redis ?? $"127.0.0.1:{ports.Store}", redis is null ? "bench" : "", ports.ClusterId);
        var options = new SiloOptions(Role.Both, null, "hone", folder, null, slots, "http://127.0.0.1:0", null, false, null);
        WebApplication app = SiloHost.Build(options, new Cluster(address, ports.Silo, ports.Gateway), new FolderBlobStore(options.BlobFolder));
        await app.StartAsync();
        return new BenchSilo(store, app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _store?.Dispose();
    }
}
