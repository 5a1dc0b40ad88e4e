using Hone.Devices.Cpu;
using Hone.Devices.Measuring;

namespace Hone.Silo.Bench;

/// <summary>What one of several ways took beside the first.</summary>
/// <param name="Seconds">Median of its rounds.</param>
/// <param name="Share">Of the first one's time in the same round, the median.</param>
/// <param name="Spread">Median absolute deviation of that share.</param>
/// <param name="Noisy">Whether others used the processor through most rounds, so that the quietest ones counted.</param>
internal sealed record TokenTime(double Seconds, double Share, double Spread, bool Noisy);

/// <summary>
/// Times several ways in turns, a sentinel of always the same work before and behind each: a time counts in sentinels, and where these were slower than their best by <see cref="Disturbed"/> the round does not count.
/// On one thread the clock is that of the thread, which stands while others have the processor.
/// </summary>
internal sealed class TokenTurns(Workers workers)
{
    private const double Disturbed = 0.4;
    private const int Fewest = 7, Most = 101;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(400), Block = TimeSpan.FromMilliseconds(4), Budget = TimeSpan.FromSeconds(8);
    private readonly Sentinel _sentinel = new(workers.Count);
    private double _best = double.PositiveInfinity;

    public TimeProvider Clock { get; } = workers.Count == 1 ? ThreadClock.Instance : TimeProvider.System;

    /// <param name="runs">Each runs once.</param>
    /// <param name="part">Of which part the seconds are to be taken, which one's runs spent since it was asked last; null: all of it.</param>
    public TokenTime[] Measure(Action[] runs, Func<int, double>? part = null) => Cores.Pinned(0, () =>
    {
        int[] counts = [.. runs.Select(Count)];
        for (int i = 0; i < Most; i++) Sentinel();
        var rounds = new List<(double[] Seconds, double[] InSentinels, double Slower)>();
        for (long began = TimeProvider.System.GetTimestamp(); rounds.Count < Fewest || (rounds.Count < Most && TimeProvider.System.GetElapsedTime(began) < Budget);)
        {
            (double[] seconds, double[] inSentinels) = (new double[runs.Length], new double[runs.Length]);
            double slowest = 0;
            for (int i = 0; i < runs.Length; i++)
            {
                double before = Sentinel();
                double taken = Seconds(runs[i], counts[i]) / counts[i];
                double beside = (before + Sentinel()) / 2;
                seconds[i] = part is null ? taken : part(i) / counts[i];
                (inSentinels[i], slowest) = (seconds[i] / beside, Math.Max(slowest, beside));
            }
            rounds.Add((seconds, inSentinels, slowest));
        }
        var clean = rounds.Where(r => r.Slower <= _best * (1 + Disturbed)).ToList();
        bool noisy = clean.Count < Fewest;
        if (noisy) clean = [.. rounds.OrderBy(r => r.Slower).Take(Math.Max(Fewest, rounds.Count / 2))];
        return runs.Select((_, i) =>
        {
            double[] shares = [.. clean.Select(r => r.InSentinels[i] / r.InSentinels[0])];
            double share = Median.Of(shares);
            return new TokenTime(Median.Of([.. clean.Select(r => r.Seconds[i])]), share, Median.Deviation(shares, share), noisy);
        }).ToArray();
    });

    private double Sentinel()
    {
        double seconds = Seconds(() => workers.Run(_sentinel), 1);
        _best = Math.Min(_best, seconds);
        return seconds;
    }

    // Runs that fill a block, after a warm-up in which the code is optimised.
    private int Count(Action run)
    {
        int runs = 0;
        double warm = 0;
        for (; warm < WarmUp.TotalSeconds; runs++) warm += Seconds(run, 1);
        return Math.Max(1, (int)(Block.TotalSeconds * runs / warm));
    }

    private double Seconds(Action run, int count)
    {
        long start = Clock.GetTimestamp();
        for (int i = 0; i < count; i++) run();
        return Clock.GetElapsedTime(start).TotalSeconds;
    }
}
