using static TorchSharp.torch;

namespace Hone.Neural.Elastic;

/// <summary>Work in parts that do not depend on each other, a thread each.</summary>
internal static class Shares
{
    /// <summary>
    /// Calls <paramref name="work"/> with each number below <paramref name="parts"/>, at once where there are as many threads; torch has one thread in each call. Cut that coarsely two
    /// threads do nearly twice the work; torch's own, which share out every operation, wait for each other hundreds of times a step.
    /// </summary>
    public static void Each(int parts, Action<int> work) => Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = parts }, part =>
    {
        set_num_threads(1);   // this thread's own setting
        work(part);
    });
}
