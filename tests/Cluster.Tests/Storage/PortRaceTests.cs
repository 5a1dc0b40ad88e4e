using System.Net;
using System.Net.Sockets;
using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Hone.Silo.Hosting;
using Hone.Silo.Storage;

namespace Hone.Cluster.Tests.Storage;

public class PortRaceTests
{
    private static bool AreFree(int[] ports) => ports.All(p => Ports.IsFree(IPAddress.Loopback, p));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task WhatFailsOnATakenPortStartsOnOthers(int taken)
    {
        List<int[]> tried = [];
        TcpListener? taker = null;
        int[] at = await PortRace.Start(() => Ports.Free(2), AreFree, async ports =>
        {
            tried.Add(ports);
            await Task.Yield();
            if (tried.Count > 1) return ports;
            taker = new TcpListener(IPAddress.Loopback, ports[taken]);   // between the look and the start
            taker.Start();
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        });
        using (taker) Assert.Equal(2, tried.Count);
        Assert.Same(tried[1], at);
        Assert.DoesNotContain(tried[0][taken], at);
    }

    [Fact]
    public async Task AnyOtherFailureIsToldAtOnce()
    {
        int starts = 0;
        Task<int> Fail(int[] ports) => ++starts > 0 ? Task.FromException<int>(new HoneException("the disk is full")) : Task.FromResult(0);
        Assert.Contains("the disk is full", (await Assert.ThrowsAsync<HoneException>(() => PortRace.Start(() => Ports.Free(2), AreFree, Fail))).Message);
        Assert.Equal(1, starts);
    }

    [Fact]
    public async Task PortsThatAreTakenAgainAndAgainAreGivenUp()
    {
        int starts = 0;
        await Assert.ThrowsAsync<SocketException>(() => PortRace.Start(() => 1, _ => false, Task<int> (_) =>
        {
            starts++;
            return Task.FromException<int>(new SocketException((int)SocketError.AddressAlreadyInUse));
        }));
        Assert.Equal(5, starts);
    }

    [Fact]
    public async Task AStoreThatCouldNotListenLetsGoOfItsFolder()
    {
        using var scratch = new Scratch();
        using var taker = new TcpListener(IPAddress.Loopback, 0);
        taker.Start();
        string folder = Path.Combine(scratch.Folder, "store");
        int port = ((IPEndPoint)taker.LocalEndpoint).Port;
        Assert.ThrowsAny<Exception>(() => new EmbeddedStore(folder, port, "secret"));
        taker.Stop();
        using var store = new EmbeddedStore(folder, port, "secret");
        await StoreFormat.Check(new Silo.Hosting.Cluster(new ClusterAddress($"127.0.0.1:{port}", "secret", "hone"), 0, 0).Redis);
    }
}
