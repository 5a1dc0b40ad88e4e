using Orleans;

namespace Hone.Client.Cluster;

/// <summary>Tells those who wait for an answer that a silo which may owe it has broken off.</summary>
internal sealed class GatewayLoss
{
    private CancellationTokenSource _next = new();

    /// <summary>Is cancelled at the next loss.</summary>
    public CancellationToken Next => Volatile.Read(ref _next).Token;

    public void Changed(object? sender, GatewayCountChangedEventArgs now)
    {
        if (now.NumberOfConnectedGateways < now.PreviousNumberOfConnectedGateways) Interlocked.Exchange(ref _next, new CancellationTokenSource()).Cancel();
    }
}
