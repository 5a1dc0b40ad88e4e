using System.Runtime.ExceptionServices;

namespace Hone.Devices.Cpu;

/// <summary>
/// The caller's thread and so many others of its own, which run the parts of one step after the other. Between two steps they spin for a moment, since the steps of a network take
/// microseconds and waking a thread as long; then they sleep. Nothing is allocated per step. One caller at a time.
/// </summary>
public sealed class Workers : IDisposable
{
    private const int Spins = 2_000, SpinsPerYield = 64;   // about 50 microseconds, and two
    private readonly Thread[] _threads;
    private readonly Lock _runs = new();
    private readonly object _gate = new();
    private Step? _step;
    private ExceptionDispatchInfo? _failure;
    private int _turn, _left;
    private bool _ended;

    /// <param name="count">Threads that work, the caller's among them.</param>
    /// <param name="begins">Called on each of the others as it begins, with its number from 1 on: a place to pin it to a core.</param>
    public Workers(int count, Action<int>? begins = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _threads = new Thread[count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int part = i + 1;
            _threads[i] = new Thread(() => Work(part, begins)) { IsBackground = true, Name = $"kernel {part}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads that work, the caller's among them.</summary>
    public int Count => _threads.Length + 1;

    /// <summary>Returns when all parts are done. The first failure of a part is thrown here, after the others have ended.</summary>
    public void Run(Step step)
    {
        lock (_runs)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            (_step, _failure, _left) = (step, null, _threads.Length);
            if (_threads.Length > 0) NextTurn();
            Try(step, 0);
            var wait = new SpinWait();
            while (Volatile.Read(ref _left) > 0) wait.SpinOnce(sleep1Threshold: -1);
            _failure?.Throw();
        }
    }

    public void Dispose()
    {
        lock (_runs)
        {
            if (_ended) return;
            _ended = true;
            NextTurn();
        }
        foreach (Thread thread in _threads) thread.Join();
    }

    private void NextTurn()
    {
        lock (_gate)
        {
            Volatile.Write(ref _turn, _turn + 1);
            Monitor.PulseAll(_gate);
        }
    }

    private void Work(int part, Action<int>? begins)
    {
        begins?.Invoke(part);
        for (int done = 0; ; done++)
        {
            for (int spins = 1; spins <= Spins && Volatile.Read(ref _turn) == done; spins++)
                if (spins % SpinsPerYield > 0) Thread.SpinWait(1);
                else Thread.Yield();   // on a busy machine the caller may wait for this very core
            if (Volatile.Read(ref _turn) == done)
                lock (_gate)
                    while (_turn == done) Monitor.Wait(_gate);
            if (_ended) return;
            Try(_step!, part);
            Interlocked.Decrement(ref _left);
        }
    }

    private void Try(Step step, int part)
    {
        try
        {
            step.Part(part, Count);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
        }
    }
}
