using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Data;
using Hone.Grains.Blobs;
using Hone.Silo.Blobs;
using Hone.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Hone.Cluster.Tests.Blobs;

/// <summary>A control silo and a worker on one store that see nothing of each other's folders.</summary>
public sealed class TwoSilos : IAsyncLifetime
{
    private readonly Scratch _scratch = new();
    private TestStore _store = null!;
    private RunningSilo _control = null!, _worker = null!;

    internal IGrainFactory Grains => _control.App.Services.GetRequiredService<IGrainFactory>();

    internal IBlobStore Control => Blobs(_control);

    internal IBlobStore Worker => Blobs(_worker);

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.Start(_scratch.Folder);
        _control = await Start(Role.Control);
        _worker = await Start(Role.Worker);
        foreach (RunningSilo silo in new[] { _control, _worker })
            for (int i = 0; silo.App.Services.GetRequiredService<BlobServices>().Silos.Count < 2; i++, await Task.Delay(50))
                Assert.True(i < 600, "the silos did not find each other");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RunningSilo silo in new[] { _worker, _control })
        {
            await silo.App.StopAsync();
            await silo.DisposeAsync();
        }
        _store.Dispose();
        _scratch.Dispose();
    }

    internal string Folder(Role role) => Path.Combine(_scratch.Folder, $"{role}", ClusterAddress.BlobFolder);

    private static IBlobStore Blobs(RunningSilo silo) => silo.App.Services.GetRequiredService<IBlobStore>();

    private Task<RunningSilo> Start(Role role)
    {
        var options = new SiloOptions(role, _store.HostAndPort, "hone", Path.Combine(_scratch.Folder, $"{role}"), null, 1, "http://127.0.0.1:0", null, false, null);
        return RunningSilo.On(_store.Of("hone"), options, BlobStores.Open(options, TimeProvider.System));
    }
}
