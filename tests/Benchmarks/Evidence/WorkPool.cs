using System.Diagnostics;
using System.Globalization;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>
/// Runs units by N workers, each a process of its own for every unit with one torch thread (see <see cref="Worker"/>): two such workers do 1.4 times the work
/// of one with two OpenMP threads [measured], and a result does not depend on how many there are.
/// </summary>
internal sealed class WorkPool(UnitStore store, Places places, WorkerProcess process, int workers, Speed speed, TextWriter log)
{
    private readonly object _gate = new();
    private readonly HashSet<Unit> _waiting = [], _running = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private List<Unit> _units = [];
    private double _plannedDone;
    private int _done;
    private Exception? _failure;

    /// <summary>Runs the units, in their order where needs allow it, until all are done, one fails, or it is cancelled; what was finished is kept.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="HoneException">A unit failed.</exception>
    public void Run(List<Unit> units, CancellationToken cancel)
    {
        _units = units;
        _waiting.UnionWith(units);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using CancellationTokenRegistration wake = stop.Token.Register(() => { lock (_gate) Monitor.PulseAll(_gate); });
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(w => new Thread(() => Work(stop)) { Name = $"worker {w}", IsBackground = true })];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        if (_failure is { } failure) throw failure as HoneException ?? new HoneException($"evidence: {failure}", failure);
        cancel.ThrowIfCancellationRequested();
    }

    private void Work(CancellationTokenSource stop)
    {
        while (Next(stop.Token) is { } unit)
        {
            try
            {
                RunOne(unit, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                lock (_gate) _failure ??= e is HoneException ? new HoneException($"{unit.Id}: {e.Message}", e) : e;
                stop.Cancel();
                return;
            }
            lock (_gate)
            {
                _running.Remove(unit);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private Unit? Next(CancellationToken cancel)
    {
        lock (_gate)
        {
            while (!cancel.IsCancellationRequested && _waiting.Count > 0)
            {
                Unit? ready = _units.Find(u => _waiting.Contains(u) && !u.Needs.Any(n => _waiting.Contains(n) || _running.Contains(n)));
                if (ready is null) { Monitor.Wait(_gate); continue; }
                _waiting.Remove(ready);
                _running.Add(ready);
                return ready;
            }
            return null;
        }
    }

    private void RunOne(Unit unit, CancellationToken cancel)
    {
        UnitLine line = process.Run(unit, cancel);
        store.Add(line);
        if (File.Exists(places.Checkpoint(unit))) File.Delete(places.Checkpoint(unit));
        lock (_gate)
        {
            _done++;
            _plannedDone += unit.Cost.Minutes(speed);
            double left = Math.Max(0, _units.Sum(u => u.Cost.Minutes(speed)) - _plannedDone);
            double factor = _plannedDone > 0 ? _clock.Elapsed.TotalMinutes / _plannedDone : 1;   // how far the plan was off until now
            log.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"[{_done}/{_units.Count}] {unit.Id}: {line.Seconds:F1} s{(line.Idle ? "" : ", machine busy")}; about {left * factor:F1} min left"));
        }
    }
}
