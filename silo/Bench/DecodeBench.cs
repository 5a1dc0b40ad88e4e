using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Export.Bench;
using Hone.Model;

namespace Hone.Silo.Bench;

/// <summary>
/// One row times a large matrix, as a language model's step is: bound by memory. Weights are rotated so that none is still in a cache, and the memory's own speed is measured beside it.
/// </summary>
internal static class DecodeBench
{
    private const int Inputs = 4_096, Outputs = 14_336, Rounds = 11;
    private const long Rotated = 256L << 20;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(150);

    public static IEnumerable<BenchLine> Lines(int threads)
    {
        const long weights = (long)Inputs * Outputs;
        int copies = (int)(Rotated / (weights / 2)) + 1;
        using var workers = new Workers(threads, Cores.Pin);
        var chance = new Chance(1, Streams.Sampling);
        float[] x = new float[Inputs], y = new float[Outputs], scales = new float[Outputs];
        for (int i = 0; i < Inputs; i++) x[i] = chance.Next(2_001) / 1_000f - 1;
        Array.Fill(scales, 0.01f);
        sbyte[] codes = new sbyte[weights];
        for (int i = 0; i < codes.Length; i++) codes[i] = (sbyte)(chance.Next(16) - 8);

        var read = new MemoryRead(Rotated, workers.Count);
        Action[] reads = [.. MemoryRead.Patterns.Select(pattern => (Action)(() => read.Run(pattern, workers))).OrderBy(run => Median([run]))];
        var nibbles = Enumerable.Range(0, copies).Select(_ => new NibbleGemm(codes, Outputs, Inputs, scales, default, 1)).ToArray();
        Action[] own = [.. nibbles.Select(g => (Action)(() => g.Run(x, y, 1, workers)))];
        string name = $"int4 GEMV {Inputs} x {Outputs}, {threads} thread{(threads > 1 ? "s" : "")}, {nibbles[0].Instructions}";
        (double ours, double other) = Medians(own, [reads[0]]);
        double memory = Rotated / other;
        yield return Line(weights / 2 / ours / memory, $"memory read at {memory / 1e9:0.0} GB/s, the fastest of {MemoryRead.Patterns.Count} patterns", 0.9);
        foreach (int accuracy in new[] { 0, 4 })
        {
            OnnxProduct[] theirs = [.. Enumerable.Range(0, copies).Select(_ => OnnxProduct.Nibbles(x, codes, scales, new float[Outputs], 1, Inputs, Outputs, threads, accuracy))];
            (ours, other) = Medians(own, [.. theirs.Select(t => (Action)t.Run)]);
            foreach (OnnxProduct one in theirs) one.Dispose();
            yield return Line(other / ours, $"ONNX Runtime, MatMulNBits at accuracy level {accuracy}", 1);
        }

        float[] values = [.. codes.Select(c => 0.01f * c)];
        FloatGemm[] floats = [new FloatGemm(values, Outputs, Inputs), new FloatGemm(values, Outputs, Inputs)];
        (ours, other) = Medians(own, [.. floats.Select(g => (Action)(() => g.Run(x, y, 1, workers)))]);
        yield return Line(other / ours, "our float GEMV", 4);

        BenchLine Line(double ratio, string reference, double goal) => new("kernels", name, weights / 2 / ours / 1e9, "GB/s", reference, ratio, $"at least {goal}", ratio >= goal);
    }

    /// <summary>Seconds of a run of each, medians of rounds through all copies of the one and then of the other.</summary>
    private static (double A, double B) Medians(Action[] a, Action[] b)
    {
        foreach (Action copy in a.Concat(b)) copy();
        double[] timesA = new double[Rounds], timesB = new double[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            Thread.Sleep(Rest);
            (timesA[i], timesB[i]) = (Seconds(a), Seconds(b));
        }
        Array.Sort(timesA);
        Array.Sort(timesB);
        return (timesA[Rounds / 2], timesB[Rounds / 2]);
    }

    private static double Seconds(Action[] copies) => Cores.Pinned(0, () =>
    {
        long start = TimeProvider.System.GetTimestamp();
        foreach (Action copy in copies) copy();
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds / copies.Length;
    });

    private static double Median(Action[] copies) => Medians(copies, copies).A;
}
