namespace Hone.Grains.Leasing;

/// <summary>
/// Those who asked for work while there was none, in the order they came: each is served as soon as there is some, or sent away when its patience ends. For one thread
/// at a time, as a grain is; the clock is injected.
/// </summary>
/// <param name="patience">How long each waits.</param>
/// <param name="clock">Injected time.</param>
public sealed class IdleSlots<TSlot, TWork>(TimeSpan patience, TimeProvider clock)
    where TWork : class
{
    private readonly LinkedList<Idle> _waiting = [];

    public int Count => _waiting.Count;

    /// <summary>Waits for work; null when the patience ends without.</summary>
    public async Task<TWork?> Wait(TSlot slot)
    {
        var idle = new Idle(slot);
        LinkedListNode<Idle> place = _waiting.AddLast(idle);
        using var served = new CancellationTokenSource();
        await Task.WhenAny(idle.Answer.Task, Task.Delay(patience, clock, served.Token));
        await served.CancelAsync();
        if (idle.Answer.Task.IsCompleted) return await idle.Answer.Task;
        _waiting.Remove(place);
        return null;
    }

    /// <summary>Gives work to those who wait, as long as <paramref name="next"/> has some for them.</summary>
    public void Serve(Func<TSlot, TWork?> next)
    {
        for (LinkedListNode<Idle>? node = _waiting.First, following; node is not null; node = following)
        {
            following = node.Next;
            if (next(node.Value.Slot) is not { } work) continue;
            _waiting.Remove(node);
            node.Value.Answer.SetResult(work);
        }
    }

    private sealed record Idle(TSlot Slot)
    {
        public TaskCompletionSource<TWork> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
