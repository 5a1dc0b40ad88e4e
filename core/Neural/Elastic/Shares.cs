using static TorchSharp.torch;

namespace Hone.Neural.Elastic;

/// <summary>Work on parts that do not depend on each other, over as many threads as torch has.</summary>
internal static class Shares
{
    /// <summary>
    /// Calls <paramref name="work"/> with ranges [from, to) of at most <paramref name="grab"/> parts, each part once. Ranges are taken in turn: torch's own threads spin for a while
    /// after their work, so a thread of ours may begin late, and the caller then takes more.
    /// </summary>
    public static void Run(int parts, int grab, Action<int, int> work)
    {
        int threads = Math.Min((parts + grab - 1) / grab, get_num_threads()), next = 0;
        if (threads <= 1)
        {
            work(0, parts);
            return;
        }
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            for (int from; (from = Interlocked.Add(ref next, grab) - grab) < parts;) work(from, Math.Min(parts, from + grab));
        });
    }
}
