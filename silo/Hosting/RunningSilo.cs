using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Hone.Silo.Storage;
using Microsoft.AspNetCore.Connections;

namespace Hone.Silo.Hosting;

/// <summary>
/// A silo that serves in this process, with its store when that is its own. Its ports are looked for, then listened on; when another process takes one in between, it starts anew on others.
/// </summary>
internal sealed class RunningSilo : IAsyncDisposable
{
    private readonly EmbeddedStore? _store;

    private RunningSilo(EmbeddedStore? store, WebApplication app, ClusterAddress address) => (_store, App, Address) = (store, app, address);

    public WebApplication App { get; }

    public ClusterAddress Address { get; }

    /// <summary>Starts on a store of its own in the data folder, which is there.</summary>
    /// <param name="password">The store's.</param>
    /// <exception cref="HoneException">No ports are free, or an address that the options name is taken.</exception>
    public static Task<RunningSilo> OnItsOwnStore(SiloOptions options, string password, IBlobStore blobs, CancellationToken cancel = default) => PortRace.Start(
        () => Ports.Of(options.DataFolder),
        ports => ports.AreFree,
        async ports =>
        {
            var store = new EmbeddedStore(Path.Combine(options.DataFolder, "store"), ports.Store, password);
            try
            {
                return await Start(options, new Cluster(new ClusterAddress($"127.0.0.1:{ports.Store}", password, ports.ClusterId), ports.Silo, ports.Gateway), blobs, store, cancel);
            }
            catch
            {
                store.Dispose();
                throw;
            }
        });

    /// <summary>Starts on a store that runs already.</summary>
    /// <exception cref="HoneException">It is of another format, a port or an address that the options name is taken, or no port is free.</exception>
    public static Task<RunningSilo> On(ClusterAddress address, SiloOptions options, IBlobStore blobs, CancellationToken cancel = default) => PortRace.Start(
        options.Network.Ports,
        ports => Ports.IsFree(options.Network.Advertised, ports.Silo) && Ports.IsFree(options.Network.Advertised, ports.Gateway),
        async ports =>
        {
            var cluster = new Cluster(address, ports.Silo, ports.Gateway);
            await StoreFormat.Check(cluster.Redis);
            return await Start(options, cluster, blobs, null, cancel);
        });

    private static async Task<RunningSilo> Start(SiloOptions options, Cluster cluster, IBlobStore blobs, EmbeddedStore? store, CancellationToken cancel)
    {
        WebApplication app = SiloHost.Build(options, cluster, blobs);
        try
        {
            await app.StartAsync(cancel);
            return new RunningSilo(store, app, cluster.Address);
        }
        catch (Exception e)
        {
            await Leave(app);
            if (e is IOException { InnerException: AddressInUseException }) throw new HoneException($"{e.Message.TrimEnd('.')}: end what listens there, or name another one (--urls, --health-urls)");
            throw;
        }
    }

    /// <summary>Of a silo that did not come up all the way: it may have joined the cluster already.</summary>
    private static async Task Leave(WebApplication app)
    {
        try
        {
            await app.StopAsync();
        }
        catch (Exception e)
        {
            app.Logger.LogDebug(e, "a silo that did not start did not stop cleanly either");   // why it did not start is told, not this
        }
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _store?.Dispose();
    }
}
