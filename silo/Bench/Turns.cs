using Hone.Devices.Cpu;

namespace Hone.Silo.Bench;

/// <summary>Times two ways to do the same, in turns.</summary>
internal static class Turns
{
    private const int Blocks = 15;
    private static readonly TimeSpan Block = TimeSpan.FromMilliseconds(4), WarmUp = TimeSpan.FromMilliseconds(300), Rest = TimeSpan.FromMilliseconds(150), Settling = TimeSpan.FromMilliseconds(5);

    /// <summary>Seconds of one run of each, medians of blocks in turns, <paramref name="a"/> after a rest: the threads of ONNX Runtime spin for up to a tenth of a second after a run, on our cores.</summary>
    public static (double A, double B) Medians(Action a, Action b)
    {
        (int countA, int countB) = (Count(a), Count(b));
        double[] timesA = new double[Blocks], timesB = new double[Blocks];
        for (int i = 0; i < Blocks; i++)
        {
            Thread.Sleep(Rest);
            timesA[i] = Settled(a, countA) / countA;
            timesB[i] = Settled(b, countB) / countB;
        }
        Array.Sort(timesA);
        Array.Sort(timesB);
        return (timesA[Blocks / 2], timesB[Blocks / 2]);
    }

    /// <summary>Seconds of a block, after unmeasured runs that wake all threads.</summary>
    private static double Settled(Action run, int count) => Cores.Pinned(0, () =>
    {
        for (double settled = 0; settled < Settling.TotalSeconds;) settled += Seconds(run, 1);
        return Seconds(run, count);
    });

    /// <summary>Runs that fill a block, after a warm-up in which the code is optimised.</summary>
    private static int Count(Action run)
    {
        for (double warm = 0; warm < WarmUp.TotalSeconds;) warm += Seconds(run, 1);
        int count = 1;
        while (count < 1 << 20 && Seconds(run, count) < Block.TotalSeconds) count *= 2;
        return count;
    }

    private static double Seconds(Action run, int count)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < count; i++) run();
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }
}
