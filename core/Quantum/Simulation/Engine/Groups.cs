using System.Collections.Concurrent;
using System.Runtime.Intrinsics;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>Shares samples out to passes in groups, on several threads.</summary>
internal static class Groups
{
    /// <summary>Doubles in the widest vector of this machine.</summary>
    public static int Doubles => Vector512.IsHardwareAccelerated ? Vector512<double>.Count : Vector256.IsHardwareAccelerated ? Vector256<double>.Count : Vector128<double>.Count;

    /// <summary>Runs all groups; each thread has a pass of its own, which is kept for later.</summary>
    /// <param name="width">Samples in a group.</param>
    /// <param name="free">Passes that nobody uses: states are large, so each is made once.</param>
    /// <param name="make">Makes a pass.</param>
    /// <param name="begin">Readies a pass before its first group.</param>
    /// <param name="run">Runs a group: its first sample, how many it has.</param>
    public static void Run<TPass>(int samples, int width, int threads, ConcurrentBag<TPass> free, Func<TPass> make, Action<TPass> begin, Action<TPass, int, int> run)
    {
        int groups = (samples + width - 1) / width, next = -1;
        void Work()
        {
            TPass pass = free.TryTake(out TPass? used) ? used : make();
            begin(pass);
            for (int g = Interlocked.Increment(ref next); g < groups; g = Interlocked.Increment(ref next)) run(pass, g * width, Math.Min(width, samples - g * width));
            free.Add(pass);
        }
        if (threads <= 1 || groups <= 1) Work();
        else Parallel.Invoke([.. Enumerable.Repeat<Action>(Work, Math.Min(threads, groups))]);
    }
}
