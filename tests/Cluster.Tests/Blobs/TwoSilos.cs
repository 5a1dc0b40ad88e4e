using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Data;
using Hone.Grains.Blobs;
using Hone.Silo.Blobs;
using Hone.Silo.Hosting;
using Hone.Silo.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Hone.Cluster.Tests.Blobs;

/// <summary>A control silo and a worker on one store that see nothing of each other's folders.</summary>
public sealed class TwoSilos : IAsyncLifetime
{
    private readonly Scratch _scratch = new();
    private EmbeddedStore _store = null!;
    private WebApplication _control = null!, _worker = null!;

    internal IGrainFactory Grains => _control.Services.GetRequiredService<IGrainFactory>();

    internal IBlobStore Control => Blobs(_control);

    internal IBlobStore Worker => Blobs(_worker);

    public async ValueTask InitializeAsync()
    {
        int port = Ports.Free(1)[0];
        _store = new EmbeddedStore(Path.Combine(_scratch.Folder, "store"), port, "secret");
        _control = await Start(Role.Control, port);
        _worker = await Start(Role.Worker, port);
        foreach (WebApplication silo in new[] { _control, _worker })
            for (int i = 0; silo.Services.GetRequiredService<BlobServices>().Silos.Count < 2; i++, await Task.Delay(50))
                Assert.True(i < 600, "the silos did not find each other");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (WebApplication silo in new[] { _worker, _control })
        {
            await silo.StopAsync();
            await silo.DisposeAsync();
        }
        _store.Dispose();
        _scratch.Dispose();
    }

    internal string Folder(Role role) => Path.Combine(_scratch.Folder, $"{role}", ClusterAddress.BlobFolder);

    private static IBlobStore Blobs(WebApplication silo) => silo.Services.GetRequiredService<IBlobStore>();

    // A port that was free a moment ago may be taken by a test beside this one.
    private async Task<WebApplication> Start(Role role, int store)
    {
        for (int tries = 1; ; tries++)
        {
            int[] ports = Ports.Free(2);
            string address = $"127.0.0.1:{store}";
            var options = new SiloOptions(role, address, "hone", Path.Combine(_scratch.Folder, $"{role}"), null, 1, "http://127.0.0.1:0", null, false, null);
            WebApplication app = SiloHost.Build(options, new Silo.Hosting.Cluster(new ClusterAddress(address, "secret", "hone"), ports[0], ports[1]), BlobStores.Open(options, TimeProvider.System));
            try
            {
                await app.StartAsync();
                return app;
            }
            catch (AddressInUseException) when (tries < 5)
            {
                await app.DisposeAsync();
            }
        }
    }
}
