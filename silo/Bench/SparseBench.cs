using System.Runtime.CompilerServices;
using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Sparse;
using Hone.Model;

namespace Hone.Silo.Bench;

/// <summary>
/// Pruned weights in blocks beside the same ones in CSR, beside all weights with the same tile in the same layout, and beside the float product; masks by magnitude over the whole layer.
/// All take turns, so that what else the machine does meets them alike.
/// </summary>
internal static class SparseBench
{
    private const int Outputs = 1_024, Inputs = 1_024, Columns = 64, Rounds = 31, OverCsrVector = 5;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(200), Block = TimeSpan.FromMilliseconds(1);

    /// <summary>Goals of SpMM are over dense and over CSR.</summary>
    private sealed record Case(string Name, BlockPruning Pruning, SparseFormat Format, double? OverDense, double? OverCsr, double? VectorOverCsr);

    private static readonly Case[] Cases =
    [
        new("4x pruning, 64 x 256 blocks, 0.75 of their rows", new BlockPruning(64, 256, 0.25), SparseFormat.Panel, 3.2, 2.4, OverCsrVector),
        new("10x pruning, 64 x 256 blocks, 0.75 of their rows", new BlockPruning(64, 256, 0.1), SparseFormat.Panel, 7, 1.5, OverCsrVector),
        new("10x pruning, groups of 16 rows with the same columns", new BlockPruning(16, 64, 0.1, 1), SparseFormat.WholeRow, null, null, null),
    ];

    public static IEnumerable<BenchLine> Lines(int threads)
    {
        using var workers = new Workers(threads, Cores.Pin);
        foreach (Case one in Cases)
        {
            var chance = new Chance(1, Streams.Sampling);
            float[] all = Draw(chance, Outputs * Inputs);
            Memory<float> x = OnLines(Draw(chance, Inputs * Columns)), y = OnLines(new float[Outputs * Columns]), turned = OnLines(Draw(chance, Inputs * Columns));
            Mask mask = BlockProjection.Project(all, Outputs, Inputs, one.Pruning);
            float[] kept = [.. all];
            mask.Apply(kept);
            SparseLayout blocks = new(one.Format, one.Pruning.Height, one.Pruning.Width), csr = new(SparseFormat.Csr), dense = new(SparseFormat.Dense);
            var floats = new FloatGemm(all, Outputs, Inputs);
            string name = $"{one.Name}, {Outputs} x {Inputs}, {mask.Density:0.000} kept, {threads} thread{(threads > 1 ? "s" : "")}";

            SparseGemm ours = new(kept, Outputs, Inputs, blocks, default, mask), rows = new(kept, Outputs, Inputs, csr), whole = new(all, Outputs, Inputs, dense);
            ours.Run(x.Span, y.Span, Columns, workers);
            Agree(rows, x, y, workers);
            double[] times = Medians(
            [
                () => ours.Run(x.Span, y.Span, Columns, workers), () => rows.Run(x.Span, y.Span, Columns, workers), () => whole.Run(x.Span, y.Span, Columns, workers),
                () => floats.Run(turned.Span, y.Span, Columns, workers),
            ]);
            string product = $"sparse SpMM of {Columns} columns, {one.Format}, {name}, {ours.Instructions}";
            double speed = 2e-9 * mask.Count * Columns / times[0];
            yield return Line(product, speed, "GFLOP/s of kept weights", "all weights, same tile and layout", times[2] / times[0], one.OverDense);
            yield return Line(product, speed, "GFLOP/s of kept weights", "CSR", times[1] / times[0], one.OverCsr);
            yield return Line(product, speed, "GFLOP/s of kept weights", "FloatGemm, X by rows", times[3] / times[0], null);
            yield return Line($"dense with the same tile, {Columns} columns, {threads} thread{(threads > 1 ? "s" : "")}, {ours.Instructions}",
                2e-9 * Outputs * Inputs * Columns / times[2], "GFLOP/s", "FloatGemm, X by rows", times[3] / times[2], null);

            float[] vector = Draw(chance, Inputs), sums = new float[Outputs];
            SparseGemv our = new(kept, Outputs, Inputs, blocks, default, mask), row = new(kept, Outputs, Inputs, csr), full = new(all, Outputs, Inputs, dense);
            times = Medians([() => our.Run(vector, sums, workers), () => row.Run(vector, sums, workers), () => full.Run(vector, sums, workers), () => floats.Run(vector, sums, 1, workers)]);
            product = $"sparse SpMV, {one.Format}, {name}, {our.Instructions}";
            speed = 2e-9 * mask.Count / times[0];
            yield return Line(product, speed, "GFLOP/s of kept weights", "CSR", times[1] / times[0], one.VectorOverCsr);
            yield return Line(product, speed, "GFLOP/s of kept weights", "all weights, same tile and layout", times[2] / times[0], null);
            yield return Line(product, speed, "GFLOP/s of kept weights", "FloatGemm", times[3] / times[0], null);
            yield return Line($"bytes of {one.Format}, {name}", our.Weights.Bytes, "B", "CSR", (double)row.Weights.Bytes / our.Weights.Bytes, null);
        }
    }

    private static BenchLine Line(string name, double value, string unit, string reference, double ratio, double? goal) =>
        new("kernels", name, value, unit, reference, ratio, goal is { } least ? $"at least {least} of the reference's speed" : null, goal is { } met ? ratio >= met : null);

    private static void Agree(SparseGemm reference, Memory<float> x, Memory<float> y, Workers workers)
    {
        float[] other = new float[y.Length];
        reference.Run(x.Span, other, Columns, workers);
        for (int i = 0; i < other.Length; i++)
            if (!(Math.Abs(y.Span[i] - other[i]) <= 1e-5 * Inputs)) throw new InvalidOperationException($"the products differ: {y.Span[i]} and {other[i]} at {i}");
    }

    /// <summary>Seconds of a run of each, medians of blocks in turns.</summary>
    private static double[] Medians(Action[] runs)
    {
        int[] counts = [.. runs.Select(Count)];
        double[][] times = [.. runs.Select(_ => new double[Rounds])];
        for (int round = 0; round < Rounds; round++)
        for (int i = 0; i < runs.Length; i++)
        {
            times[i][round] = Cores.Pinned(0, () =>
            {
                runs[i]();   // what the one before left in the caches is not its concern
                return Seconds(runs[i], counts[i]) / counts[i];
            });
        }
        foreach (double[] one in times) Array.Sort(one);
        return [.. times.Select(one => one[Rounds / 2])];
    }

    /// <summary>Runs that fill a block, after a warm-up in which the code is optimised.</summary>
    private static int Count(Action run)
    {
        double warm = 0;
        int runs = 0;
        for (; warm < WarmUp.TotalSeconds; runs++) warm += Seconds(run, 1);
        return Math.Max(1, (int)(Block.TotalSeconds * runs / warm));
    }

    private static double Seconds(Action run, int count)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < count; i++) run();
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>A copy that begins on a cache line: loads that straddle lines slow CSR down by 1.7 and blocks hardly.</summary>
    private static Memory<float> OnLines(float[] values)
    {
        const int line = 64;
        float[] pinned = GC.AllocateArray<float>(values.Length + line / sizeof(float), pinned: true);
        nint past = Unsafe.ByteOffset(ref Unsafe.NullRef<float>(), ref pinned[0]) % line;
        Memory<float> copy = pinned.AsMemory((int)((line - past) % line) / sizeof(float), values.Length);
        values.CopyTo(copy);
        return copy;
    }

    // No zeros: what is zero is pruned.
    private static float[] Draw(Chance chance, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (chance.Next(2_000) + 0.5f) / 1_000 - 1;
        return values;
    }
}
