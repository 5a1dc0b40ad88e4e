using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>
/// Operations to measure before any network is priced: spread evenly over the range of sizes that given workloads have, family by family (Latin hypercubes on
/// logarithms: McKay, Beckman and Conover 1979). Deterministic.
/// </summary>
public static class DesignedGrid
{
    private const int Attempts = 4;   // hypercubes drawn for a family whose sizes are so few that points coincide

    /// <param name="workloads">What will be searched: samples of a space, its smallest and largest networks among them.</param>
    /// <param name="count">So many distinct operations, fewer where the sizes do not give them; one of each family where <paramref name="count"/> allows.</param>
    /// <returns>Workloads of one operation, as <see cref="OpKey.Alone"/> makes them; families take turns, so any beginning of the list covers them evenly.</returns>
    public static ValueList<Workload> For(IEnumerable<Workload> workloads, int count)
    {
        List<Queue<Workload>> families = [.. Seen(workloads).Select((family, i) => Points(family, count, (uint)i))];
        List<Workload> grid = [];
        while (grid.Count < count && families.Any(f => f.Count > 0))
            foreach (Queue<Workload> family in families)
                if (grid.Count < count && family.TryDequeue(out Workload? next)) grid.Add(next);
        return grid.ToValueList();
    }

    /// <summary>The distinct operations of each family and run (mode, batch, cache), in the order of their names and keys.</summary>
    private static IEnumerable<Workload[]> Seen(IEnumerable<Workload> workloads) => workloads
        .SelectMany(w => w.Ops.Select(op => OpKey.Alone(op, w))).DistinctBy(w => w.Key)
        .GroupBy(w => (Family: OpWork.Of(w.Ops[0], w.Mode, w.Batch).Family ?? w.Ops[0].GetType().Name, w.Mode, w.Batch, w.CacheLength))
        .OrderBy(g => g.Key.Family, StringComparer.Ordinal).ThenBy(g => g.Key.Mode).ThenBy(g => g.Key.Batch).ThenBy(g => g.Key.CacheLength)
        .Select(g => g.OrderBy(w => w.Key, StringComparer.Ordinal).ToArray());

    private static Queue<Workload> Points(Workload[] seen, int count, uint family)
    {
        var points = new Dictionary<string, Workload>(StringComparer.Ordinal);
        var queue = new Queue<Workload>();
        double[][] sizes = [.. seen.Select(w => OpShape.Sizes(w.Ops[0]))];
        if (sizes[0].Length == 0)   // kinds that have no sizes of their own to vary: the operations seen
        {
            foreach (Workload w in seen.Take(count)) queue.Enqueue(w);
            return queue;
        }
        SizeRange[] ranges = [.. Enumerable.Range(0, sizes[0].Length).Select(d => SizeRange.Of(sizes.Select(s => s[d])))];
        // One of each choice that is no size (formats, fused functions): the points go round them, so that none is left out.
        double[] small = [.. ranges.Select(r => r.At(0))];
        Workload[] kinds = [.. seen.DistinctBy(w => OpKey.Of(OpShape.With(w.Ops[0], small), w))];
        var chance = new Chance(0, Streams.Sampling, family);
        Add(1);   // the corners first: between them nothing is extrapolated
        Add(0);
        for (int attempt = 0; attempt < Attempts && queue.Count < count; attempt++)
        {
            int n = count;
            int[][] strata = [.. ranges.Select(_ => chance.Permutation(n))];   // (sizes, n)
            for (int i = 0; i < n && queue.Count < count; i++)
            {
                double[] at = [.. ranges.Select((r, d) => r.At((strata[d][i] + chance.NextDouble()) / n))];
                Take(kinds[i % kinds.Length], at);
            }
        }
        return queue;

        void Add(double share)
        {
            if (queue.Count < count) Take(kinds[0], [.. ranges.Select(r => r.At(share))]);
        }

        void Take(Workload template, double[] at)
        {
            Workload point = OpKey.Alone(OpShape.With(template.Ops[0], at), template);
            if (points.TryAdd(point.Key, point)) queue.Enqueue(point);
        }
    }
}
