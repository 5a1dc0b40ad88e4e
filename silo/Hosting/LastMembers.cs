using System.Net.Sockets;

namespace Hone.Silo.Hosting;

/// <summary>
/// Waits, before a silo joins, for members that do not answer to be declared dead. Orleans asks the members once and then again only after five seconds, so a silo that takes the place of
/// one that was killed a moment ago would lose these. The check itself, and with it who may join, stays Orleans'.
/// </summary>
internal sealed class LastMembers(IClusterMembershipService membership, ILocalSiloDetails self) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5), Every = TimeSpan.FromMilliseconds(150), Answer = TimeSpan.FromSeconds(1);

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(LastMembers), ServiceLifecycleStage.BecomeActive - 1, Wait);

    private async Task Wait(CancellationToken cancel)
    {
        for (long start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < Longest; await Task.Delay(Every, cancel))
        {
            await membership.Refresh();
            SiloAddress[] active = [.. membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active && !m.SiloAddress.Equals(self.SiloAddress)).Select(m => m.SiloAddress)];
            if ((await Task.WhenAll(active.Select(silo => Answers(silo, cancel)))).All(answers => answers)) return;
        }
    }

    private static async Task<bool> Answers(SiloAddress silo, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Answer);
        using var probe = new TcpClient(silo.Endpoint.AddressFamily);
        try
        {
            await probe.ConnectAsync(silo.Endpoint, limit.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
