namespace Hone.Studies.Synthetic;

/// <summary>What an evaluation takes besides its result, so that what a cluster does under load, and to work that is cut, can be tried without training. Changes no result.</summary>
/// <param name="Pause">Milliseconds that the slot only waits (<c>model.pause_ms</c>).</param>
/// <param name="Burn">Milliseconds that it keeps a core busy (<c>model.burn_ms</c>).</param>
internal sealed record Effort(int Pause, int Burn)
{
    /// <summary>Milliseconds: ten minutes.</summary>
    public const int Most = 600_000;

    /// <summary>The result comes at once.</summary>
    public bool IsNone => Pause == 0 && Burn == 0;

    /// <exception cref="OperationCanceledException">The work was cut.</exception>
    public void Spend(TimeProvider clock, CancellationToken cancel)
    {
        if (Pause > 0) cancel.WaitHandle.WaitOne(Pause);
        cancel.ThrowIfCancellationRequested();
        for (long start = clock.GetTimestamp(); clock.GetElapsedTime(start).TotalMilliseconds < Burn; Thread.SpinWait(1_000)) cancel.ThrowIfCancellationRequested();
    }
}
