using Hone.Contracts;
using Hone.Model;

namespace Hone.Silo.Slots;

/// <summary>
/// Beats for one lease while its work runs on the slot's thread: each second the queue hears the step counter, and a lease that was fenced off
/// cancels the work. A queue that cannot be reached is no reason to stop: the answer may still count.
/// </summary>
internal sealed class Heart : IProgress<Progress>, IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private readonly IJobQueueGrain _queue;
    private readonly SlotInfo _slot;
    private readonly JobLease _lease;
    private readonly CancellationTokenSource _cancel;
    private readonly Timer _timer;
    private Progress _progress = new("starting", 0, 0);
    private int _beating;

    public Heart(IJobQueueGrain queue, SlotInfo slot, JobLease lease, CancellationToken stop)
    {
        (_queue, _slot, _lease) = (queue, slot, lease);
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _timer = new Timer(_ => _ = Beat(), null, Every, Every);
    }

    /// <summary>Cancelled when the lease is gone or the silo stops.</summary>
    public CancellationToken Token => _cancel.Token;

    public void Report(Progress value) => Volatile.Write(ref _progress, value);

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
            if (!await _queue.Heartbeat(_slot, _lease, Volatile.Read(ref _progress))) await _cancel.CancelAsync();
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
