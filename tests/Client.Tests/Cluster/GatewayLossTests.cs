using Hone.Client.Cluster;
using Orleans;

namespace Hone.Client.Tests.Cluster;

public class GatewayLossTests
{
    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(3, 2, true)]
    [InlineData(0, 1, false)]
    [InlineData(2, 2, false)]
    public void OnlyFewerGatewaysAreALossAndEachIsToldOnce(int before, int now, bool lost)
    {
        var loss = new GatewayLoss();
        CancellationToken waiting = loss.Next;
        loss.Changed(null, new GatewayCountChangedEventArgs(now, before));
        Assert.Equal(lost, waiting.IsCancellationRequested);
        Assert.False(loss.Next.IsCancellationRequested);   // who begins to wait now has lost nothing
    }
}
