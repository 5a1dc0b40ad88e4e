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
    private const int Inputs = 4_096, Outputs = 14_336, Rounds = 7;
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

        double memory = BytesPerSecond(workers);
        var nibbles = Enumerable.Range(0, copies).Select(_ => new NibbleGemm(codes, Outputs, Inputs, scales, default, 1)).ToArray();
        double ours = Median([.. nibbles.Select(g => (Action)(() => g.Run(x, y, 1, workers)))]);
        string name = $"int4 GEMV {Inputs} x {Outputs}, {threads} thread{(threads > 1 ? "s" : "")}, {nibbles[0].Instructions}";
        double speed = weights / 2 / ours;
        yield return new BenchLine("kernels", name, speed / 1e9, "GB/s", $"memory read at {memory / 1e9:0.0} GB/s, the fastest of {MemoryRead.Patterns.Count} patterns", speed / memory, "at least 0.9", speed >= 0.9 * memory);
        nibbles = [];

        foreach (int accuracy in new[] { 0, 4 })
        {
            OnnxProduct[] theirs = [.. Enumerable.Range(0, copies).Select(_ => OnnxProduct.Nibbles(x, codes, scales, new float[Outputs], 1, Inputs, Outputs, threads, accuracy))];
            double time = Median([.. theirs.Select(t => (Action)t.Run)]);
            foreach (OnnxProduct one in theirs) one.Dispose();
            yield return new BenchLine("kernels", name, speed / 1e9, "GB/s", $"ONNX Runtime, MatMulNBits at accuracy level {accuracy}", time / ours, "at least 1", time >= ours);
        }

        float[] values = [.. codes.Select(c => 0.01f * c)];
        FloatGemm[] floats = [new FloatGemm(values, Outputs, Inputs), new FloatGemm(values, Outputs, Inputs)];
        double plain = Median([.. floats.Select(g => (Action)(() => g.Run(x, y, 1, workers)))]);
        yield return new BenchLine("kernels", name, speed / 1e9, "GB/s", "our float GEMV", plain / ours, "at least 4", plain >= 4 * ours);
    }

    /// <summary>Seconds of a run, the median of rounds through all copies.</summary>
    private static double Median(Action[] copies)
    {
        foreach (Action copy in copies) copy();
        double[] times = new double[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            Thread.Sleep(Rest);
            times[i] = Cores.Pinned(0, () =>
            {
                long start = TimeProvider.System.GetTimestamp();
                foreach (Action copy in copies) copy();
                return TimeProvider.System.GetElapsedTime(start).TotalSeconds / copies.Length;
            });
        }
        Array.Sort(times);
        return times[Rounds / 2];
    }

    /// <summary>Of the fastest pattern.</summary>
    private static double BytesPerSecond(Workers workers)
    {
        var read = new MemoryRead(Rotated, workers.Count);
        return MemoryRead.Patterns.Max(pattern => Rotated / Median([() => read.Run(pattern, workers)]));
    }
}
