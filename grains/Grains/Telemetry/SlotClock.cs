using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Hone.Grains.Telemetry;

/// <summary>How long a slot of this process has worked, the work in hand included: a job that lasts for hours shows while it lasts.</summary>
public sealed class SlotClock(int slot, TimeProvider clock) : IDisposable
{
    private static readonly ConcurrentDictionary<SlotClock, int> All = [];
    private readonly Lock _gate = new();
    private double _seconds;
    private long? _since;

    /// <summary>Every slot of this process that has begun to work.</summary>
    internal static IEnumerable<Measurement<double>> Busy() => All.GroupBy(s => s.Value).Select(g => new Measurement<double>(g.Sum(s => s.Key.Seconds), Label.Slot.Of(g.Key)));

    /// <summary>Seconds of work up to now.</summary>
    public double Seconds
    {
        get
        {
            lock (_gate) return _seconds + (_since is { } since ? clock.GetElapsedTime(since).TotalSeconds : 0);
        }
    }

    public void Begin()
    {
        lock (_gate) _since = clock.GetTimestamp();
        All.TryAdd(this, slot);
    }

    /// <returns>Seconds since it began.</returns>
    public double End()
    {
        lock (_gate)
        {
            double worked = _since is { } since ? clock.GetElapsedTime(since).TotalSeconds : 0;
            (_seconds, _since) = (_seconds + worked, null);
            return worked;
        }
    }

    /// <summary>Its silo stops.</summary>
    public void Dispose() => All.TryRemove(this, out _);
}
