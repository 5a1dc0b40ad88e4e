using System.Diagnostics;

namespace Hone.Benchmarks.Evidence;

/// <summary>
/// A fixed chain of multiply-adds that takes the same time whenever its thread is not interrupted: whether the machine was idle. The quickest repetition of
/// this process is the reference, so a machine that was never idle is not found out.
/// </summary>
internal static class Sentinel
{
    /// <summary>Mean time over the best one, above which the machine counts as busy.</summary>
    public const double Limit = 1.2;

    private const int Repetitions = 20, Length = 500_000;   // about 1 ms each
    private static long _best = long.MaxValue;
    private static double _kept;

    /// <summary>Mean time of a repetition over the best one so far; about 1 on an idle core. Takes about 20 ms.</summary>
    public static double Ratio()
    {
        long sum = 0;
        for (int r = 0; r < Repetitions; r++)
        {
            long start = Stopwatch.GetTimestamp();
            double x = 1;
            for (int i = 0; i < Length; i++) x = Math.FusedMultiplyAdd(x, 0.999999, 1e-6);
            Volatile.Write(ref _kept, x);
            long took = Stopwatch.GetTimestamp() - start;
            sum += took;
            for (long best = Volatile.Read(ref _best); took < best && Interlocked.CompareExchange(ref _best, took, best) != best;) best = Volatile.Read(ref _best);
        }
        return (double)sum / Repetitions / Volatile.Read(ref _best);
    }
}
