namespace Hone.Devices.Measuring;

/// <summary>
/// Times something that can be run again and again: in blocks, a sentinel of always the same work before and behind each. A block's time is taken in sentinels: where those were slower than
/// they can be, others used the processor or its clock was lowered, and the work was slower too, by about as much. Where they were much slower, or changed, the block does not count.
/// Clock and work are given; what is remembered from one measurement to the next is the sentinel's best time alone.
/// </summary>
/// <param name="sentinel">Some tenths of a millisecond of work, the same each time.</param>
/// <param name="clock">Injected time.</param>
public sealed class Sampler(SamplingPolicy policy, Action sentinel, TimeProvider clock)
{
    private const int FewestWarmUps = 3;
    private double _best = double.PositiveInfinity;

    /// <summary>The sentinel's fastest time so far, milliseconds: the speed that samples are given at.</summary>
    public double Best => _best;

    /// <summary>Takes over a best time that another process of this machine saw.</summary>
    public void Adopt(double best)
    {
        if (best > 0) _best = Math.Min(_best, best);
    }

    /// <summary>Lets the sentinel find its best time.</summary>
    public void Prepare(int times)
    {
        for (int i = 0; i < times; i++) Sentinel();
    }

    /// <param name="run">Run many times.</param>
    /// <param name="ran">Told after each block; its number.</param>
    /// <exception cref="OperationCanceledException">Cancelled between two blocks.</exception>
    public Sample Measure(Action run, Action<int> ran, CancellationToken cancel)
    {
        long began = clock.GetTimestamp();
        int runs = Math.Max(1, (int)Math.Ceiling(policy.Block.TotalMilliseconds / WarmUp(run, cancel)));
        double warmUp = clock.GetElapsedTime(began).TotalMilliseconds;
        var times = new List<double>();
        var sentinels = new List<double> { Sentinel() };
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            times.Add(Time(() =>
            {
                for (int i = 0; i < runs; i++) run();
            }) / runs);
            sentinels.Add(Sentinel());
            ran(times.Count);
            double[] clean = [.. Blocks(times, sentinels).Where(IsClean).Select(b => b.Milliseconds)];
            if (IsEnough(clean)) return Of(clean, sentinels, null, warmUp);
            if (times.Count < policy.Most && (clock.GetElapsedTime(began) < policy.Budget || times.Count < policy.Fewest)) continue;
            if (clean.Length >= policy.Fewest) return Of(clean, sentinels, null, warmUp);
            double[] quietest = [.. Blocks(times, sentinels).OrderBy(b => b.Slower + b.Changed).Take(policy.Fewest).Select(b => b.Milliseconds)];
            return Of(quietest, sentinels, sentinels.Min() > _best * (1 + policy.Disturbed) ? Sample.Throttled : Sample.Noisy, warmUp);
        }
    }

    // A block at the sentinel's best speed; how much slower the sentinels beside it were, and how much one than the other, as shares.
    private readonly record struct Block(double Milliseconds, double Slower, double Changed);

    private IEnumerable<Block> Blocks(List<double> times, List<double> sentinels)
    {
        double best = _best;
        for (int i = 0; i < times.Count; i++)
        {
            double before = sentinels[i], after = sentinels[i + 1], beside = (before + after) / 2;
            yield return new Block(times[i] * best / beside, beside / best - 1, Math.Abs(before - after) / Math.Min(before, after));
        }
    }

    private bool IsClean(Block block) => block.Slower <= policy.Disturbed && block.Changed <= policy.Changed;

    // Milliseconds of a run, the fastest.
    private double WarmUp(Action run, CancellationToken cancel)
    {
        long began = clock.GetTimestamp();
        double fastest = double.PositiveInfinity;
        for (int i = 0; i < FewestWarmUps || clock.GetElapsedTime(began) < policy.WarmUp; i++)
        {
            cancel.ThrowIfCancellationRequested();
            fastest = Math.Min(fastest, Time(run));
        }
        return Math.Max(fastest, 1e-6);
    }

    private bool IsEnough(double[] clean)
    {
        if (clean.Length < policy.Fewest) return false;
        double median = Median.Of(clean);
        return Median.Deviations * Median.Deviation(clean, median) / Math.Sqrt(clean.Length) <= policy.Enough * median;
    }

    private Sample Of(double[] times, List<double> sentinels, string? mark, double warmUp)
    {
        double median = Median.Of(times);
        return new Sample(median, Median.Deviation(times, median), times.Length, Median.Of([.. sentinels]) / _best - 1, mark, warmUp);
    }

    private double Sentinel()
    {
        double time = Time(sentinel);
        _best = Math.Min(_best, time);
        return time;
    }

    private double Time(Action work)
    {
        long began = clock.GetTimestamp();
        work();
        return clock.GetElapsedTime(began).TotalMilliseconds;
    }
}
