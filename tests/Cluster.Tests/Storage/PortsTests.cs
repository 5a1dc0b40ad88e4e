using System.Net;
using System.Net.Sockets;
using Hone.Cluster.Tests.Running;
using Hone.Silo.Storage;

namespace Hone.Cluster.Tests.Storage;

public class PortsTests
{
    private const int FirstOutgoing = 32_768;   // Linux gives connections ports from here on

    [Fact]
    public void FreePortsDifferAndNoConnectionIsGivenOne()
    {
        int[] free = Ports.Free(50);
        Assert.Equal(50, free.Distinct().Count());
        Assert.All(free, port => Assert.InRange(port, 1_024, FirstOutgoing - 1));
    }

    [Fact]
    public void AFolderKeepsItsPortsUntilOneIsTaken()
    {
        using var scratch = new Scratch();
        Ports first = Ports.Of(scratch.Folder);
        Assert.Equal(first, Ports.Of(scratch.Folder));
        using var taker = new TcpListener(IPAddress.Loopback, first.Gateway);
        taker.Start();
        Ports second = Ports.Of(scratch.Folder);
        Assert.NotEqual(first.ClusterId, second.ClusterId);
        Assert.DoesNotContain(first.Gateway, new[] { second.Store, second.Silo, second.Gateway });
    }
}
