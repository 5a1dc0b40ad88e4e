using Hone.Model;
using Hone.Node.Server;

namespace Hone.Node;

/// <summary>Beats for one lease while its work runs; a lease that is another's now cancels the work. A server that cannot be reached is no reason to stop: the reading may still count.</summary>
internal sealed class Heart : IDisposable
{
    private readonly DeviceDoor _door;
    private readonly NodeBeat _beat;
    private readonly CancellationTokenSource _cancel;
    private readonly Timer _timer;
    private long _step;
    private int _beating;

    public Heart(DeviceDoor door, string node, MeasureLease lease, CancellationToken stop)
    {
        (_door, _beat) = (door, new NodeBeat(node, lease.Job.Id, lease.Token, 0));
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(stop);
        TimeSpan every = TimeSpan.FromSeconds(Math.Clamp(lease.BeatSeconds, 0.1, 60));
        _timer = new Timer(_ => _ = Beat(), null, every, every);
    }

    /// <summary>Cancelled when the lease is gone or the node stops.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>The work went a step further.</summary>
    public void Step(int step) => Volatile.Write(ref _step, step);

    public void Dispose()
    {
        _timer.Dispose();
        _cancel.Dispose();
    }

    private async Task Beat()
    {
        if (Interlocked.Exchange(ref _beating, 1) == 1) return;
        try
        {
            if (!await _door.BeatAsync(_beat with { Step = Volatile.Read(ref _step) }, _cancel.Token)) await _cancel.CancelAsync();
        }
        catch (Exception)
        {
            // the next beat tries again
        }
        finally
        {
            Volatile.Write(ref _beating, 0);
        }
    }
}
