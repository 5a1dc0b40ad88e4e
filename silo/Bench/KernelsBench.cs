using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Export.Bench;
using Hone.Model;

namespace Hone.Silo.Bench;

/// <summary>The processor's kernels beside ONNX Runtime: the same product, in turns, with one thread and with all.</summary>
internal static class KernelsBench
{
    private const int Blocks = 15;
    private static readonly TimeSpan Block = TimeSpan.FromMilliseconds(4), WarmUp = TimeSpan.FromMilliseconds(300), Rest = TimeSpan.FromMilliseconds(150), Settling = TimeSpan.FromMilliseconds(5);
    private static readonly (int Rows, int Inputs, int Outputs)[] Shapes = [(64, 192, 768), (120, 512, 1024), (197, 192, 192), (197, 768, 768), (512, 768, 3072), (64, 4096, 1024)];

    public static IEnumerable<BenchLine> Lines()
    {
        foreach (int threads in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            foreach (BenchLine line in Family("float GEMM", threads, 0.95, null, Floats)) yield return line;
            foreach (BenchLine line in Family("int8 GEMM", threads, 1, 0.85, Bytes)) yield return line;
            foreach (BenchLine line in Family("int4-weight GEMM", threads, 2.5, null, (m, k, n, t) => Nibbles(m, k, n, t, accuracy: 0))) yield return line;
            foreach (BenchLine line in Family("int4-weight GEMM", threads, 2.5, null, (m, k, n, t) => Nibbles(m, k, n, t, accuracy: 4))) yield return line;
            foreach (BenchLine line in Family("int4-weight GEMM", threads, 0.9, null, NibblesBesideBytes)) yield return line;
            foreach (BenchLine line in DecodeBench.Lines(threads)) yield return line;
            foreach (BenchLine line in SparseBench.Lines(threads)) yield return line;
        }
    }

    private static IEnumerable<BenchLine> Family(string family, int threads, double mean, double? least, Func<int, int, int, int, Pair> make)
    {
        List<double> ratios = [];
        string set = "", reference = "";
        foreach ((int rows, int inputs, int outputs) in Shapes)
        {
            using Pair pair = make(rows, inputs, outputs, threads);
            (set, reference) = (pair.Instructions, pair.Reference);
            (double ours, double theirs) = Medians(pair.Ours, pair.Theirs);
            ratios.Add(theirs / ours);
            yield return new BenchLine("kernels", $"{family} {rows} x {inputs} x {outputs}, {threads} thread{(threads > 1 ? "s" : "")}, {set}", 2e-9 * rows * inputs * outputs / ours, "GOP/s", pair.Reference, theirs / ours, null, null);
        }
        double geometric = Math.Exp(ratios.Average(Math.Log));
        yield return new BenchLine("kernels", $"{family}, {threads} thread{(threads > 1 ? "s" : "")}, {set}: geometric mean of the ratios", geometric, "x", reference, geometric,
            $"at least {mean}" + (least is { } one ? $", none below {one} (worst {ratios.Min():0.00})" : ""), geometric >= mean && !(ratios.Min() < least));
    }

    /// <summary>One product, by us and by the reference, on the same numbers.</summary>
    private sealed record Pair(string Instructions, string Reference, Action Ours, Action Theirs, IDisposable[] Held) : IDisposable
    {
        public void Dispose()
        {
            foreach (IDisposable held in Held) held.Dispose();
        }
    }

    private static Pair Floats(int rows, int inputs, int outputs, int threads)
    {
        var chance = new Chance(1, Streams.Sampling);
        float[] x = Draw(chance, rows * inputs), w = Draw(chance, outputs * inputs), y = new float[rows * outputs], other = new float[rows * outputs];
        var gemm = new FloatGemm(w, outputs, inputs);
        var workers = new Workers(threads);
        OnnxProduct reference = OnnxProduct.Floats(x, Turned(w, outputs, inputs), other, rows, inputs, outputs, threads);
        reference.Run();
        gemm.Run(x, y, rows, workers);
        for (int i = 0; i < y.Length; i++)
            if (!(Math.Abs(y[i] - other[i]) <= 1e-4 * inputs)) throw new InvalidOperationException($"the products differ: {y[i]} and {other[i]} at {i}");
        return new Pair($"{gemm.Instructions}", "ONNX Runtime, MatMul", () => gemm.Run(x, y, rows, workers), reference.Run, [reference, workers]);
    }

    private static Pair Bytes(int rows, int inputs, int outputs, int threads)
    {
        var chance = new Chance(1, Streams.Sampling);
        float[] x = Draw(chance, rows * inputs), scales = new float[outputs], y = new float[rows * outputs];
        sbyte[] w = new sbyte[outputs * inputs];
        for (int i = 0; i < w.Length; i++) w[i] = (sbyte)(chance.Next(255) - 127);
        byte[] codes = new byte[rows * inputs];
        for (int i = 0; i < codes.Length; i++) codes[i] = (byte)chance.Next(256);
        Array.Fill(scales, 0.01f);
        var gemm = new ByteGemm(w, outputs, inputs, scales, default, rows);
        var workers = new Workers(threads);
        OnnxProduct reference = OnnxProduct.Bytes(codes, Turned(w, outputs, inputs), new int[rows * outputs], rows, inputs, outputs, threads);
        return new Pair($"{gemm.Instructions}", "ONNX Runtime, MatMulInteger alone; ours rounds X and scales Y too", () => gemm.Run(x, y, rows, workers), reference.Run, [reference, workers]);
    }

    private static Pair Nibbles(int rows, int inputs, int outputs, int threads, int accuracy)
    {
        (float[] x, sbyte[] w, float[] scales) = NibbleOperands(rows, inputs, outputs);
        float[] y = new float[rows * outputs], other = new float[rows * outputs];
        var gemm = new NibbleGemm(w, outputs, inputs, scales, default, rows);
        var workers = new Workers(threads);
        OnnxProduct reference = OnnxProduct.Nibbles(x, w, scales, other, rows, inputs, outputs, threads, accuracy);
        reference.Run();
        gemm.Run(x, y, rows, workers);
        for (int i = 0; i < y.Length; i++)
            if (!(Math.Abs(y[i] - other[i]) <= 8 * 0.01 * inputs / 127)) throw new InvalidOperationException($"the products differ: {y[i]} and {other[i]} at {i}");
        return new Pair($"{gemm.Instructions}", $"ONNX Runtime, MatMulNBits at accuracy level {accuracy}", () => gemm.Run(x, y, rows, workers), reference.Run, [reference, workers]);
    }

    private static Pair NibblesBesideBytes(int rows, int inputs, int outputs, int threads)
    {
        (float[] x, sbyte[] w, float[] scales) = NibbleOperands(rows, inputs, outputs);
        float[] y = new float[rows * outputs], other = new float[rows * outputs];
        var gemm = new NibbleGemm(w, outputs, inputs, scales, default, rows);
        var bytes = new ByteGemm(w, outputs, inputs, scales, default, rows);
        var workers = new Workers(threads);
        return new Pair($"{gemm.Instructions}", "our int8", () => gemm.Run(x, y, rows, workers), () => bytes.Run(x, other, rows, workers), [workers]);
    }

    private static (float[] X, sbyte[] W, float[] Scales) NibbleOperands(int rows, int inputs, int outputs)
    {
        var chance = new Chance(1, Streams.Sampling);
        float[] x = Draw(chance, rows * inputs), scales = new float[outputs];
        sbyte[] w = new sbyte[outputs * inputs];
        for (int i = 0; i < w.Length; i++) w[i] = (sbyte)(chance.Next(16) - 8);
        Array.Fill(scales, 0.01f);
        return (x, w, scales);
    }

    /// <summary>Seconds of one run of each, medians of blocks in turns, <paramref name="a"/> after a rest: the threads of ONNX Runtime spin for up to a tenth of a second after a run, on our cores.</summary>
    private static (double A, double B) Medians(Action a, Action b)
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
    private static double Settled(Action run, int count)
    {
        for (double settled = 0; settled < Settling.TotalSeconds;) settled += Seconds(run, 1);
        return Seconds(run, count);
    }

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

    private static float[] Draw(Chance chance, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = chance.Next(2_001) / 1_000f - 1;
        return values;
    }

    private static T[] Turned<T>(T[] matrix, int rows, int columns)
    {
        T[] turned = new T[matrix.Length];
        for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) turned[j * rows + i] = matrix[i * columns + j];
        return turned;
    }
}
