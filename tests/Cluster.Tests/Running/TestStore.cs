using System.Net;
using Hone.Contracts;
using Hone.Silo.Storage;

namespace Hone.Cluster.Tests.Running;

/// <summary>A store on loopback that several silos of a test share.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly EmbeddedStore _store;

    private TestStore(EmbeddedStore store, int port) => (_store, HostAndPort) = (store, $"127.0.0.1:{port}");

    public string HostAndPort { get; }

    /// <param name="folder">Where it keeps what is written.</param>
    public static Task<TestStore> Start(string folder) => PortRace.Start(
        () => Ports.Free(1)[0],
        port => Ports.IsFree(IPAddress.Loopback, port),
        port => Task.FromResult(new TestStore(new EmbeddedStore(Path.Combine(folder, "store"), port, "secret"), port)));

    /// <summary>How the silos of one cluster reach it.</summary>
    public ClusterAddress Of(string clusterId) => new(HostAndPort, "secret", clusterId);

    public void Dispose() => _store.Dispose();
}
