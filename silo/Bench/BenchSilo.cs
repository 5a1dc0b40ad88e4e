using Hone.Contracts;
using Hone.Data;
using Hone.Silo.Hosting;

namespace Hone.Silo.Bench;

/// <summary>A whole silo in this process, for a bench: on a store that is there, or on its own.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    private readonly RunningSilo _silo;

    private BenchSilo(RunningSilo silo) => _silo = silo;

    public IGrainFactory Grains => _silo.App.Services.GetRequiredService<IGrainFactory>();

    /// <param name="folder">Its data folder.</param>
    /// <param name="redis">HOST:PORT of the store; null: its own.</param>
    /// <param name="slots">Compute slots.</param>
    public static async Task<BenchSilo> Start(string folder, string? redis, int slots)
    {
        var options = new SiloOptions(Role.Both, null, "hone", Directory.CreateDirectory(folder).FullName, null, slots, "http://127.0.0.1:0", null, false, null);
        var blobs = new FolderBlobStore(options.BlobFolder);
        return new BenchSilo(await (redis is null ? RunningSilo.OnItsOwnStore(options, "bench", blobs) : RunningSilo.On(new ClusterAddress(redis, "", options.ClusterId), options, blobs)));
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.App.StopAsync();
        await _silo.DisposeAsync();
    }
}
