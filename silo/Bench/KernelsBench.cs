using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Export.Bench;
using Hone.Model;
using Hone.Neural.Bench;

namespace Hone.Silo.Bench;

/// <summary>The processor's kernels beside ONNX Runtime and libtorch: the same product, in turns, with one thread and with all.</summary>
internal static class KernelsBench
{
    private static readonly (int Rows, int Inputs, int Outputs)[] Shapes = [(64, 192, 768), (120, 512, 1024), (197, 192, 192), (197, 768, 768), (512, 768, 3072), (64, 4096, 1024)];

    public static IEnumerable<BenchLine> Lines()
    {
        foreach (int threads in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            foreach (BenchLine line in Family("float GEMM", threads, 0.95, null, Floats)) yield return line;
            foreach (BenchLine line in Family("int8 GEMM", threads, 1, 0.85, Bytes)) yield return line;
            // Of libtorch, which has no goal, the mean alone.
            yield return Family("float GEMM", threads, null, null, FloatsBesideTorch).Last();
            yield return Family("int8 GEMM", threads, null, null, BytesBesideTorch).Last();
            foreach (BenchLine line in Family("int4-weight GEMM", threads, 2.5, null, (m, k, n, t) => Nibbles(m, k, n, t, accuracy: 0))) yield return line;
            foreach (BenchLine line in Family("int4-weight GEMM", threads, 2.5, null, (m, k, n, t) => Nibbles(m, k, n, t, accuracy: 4))) yield return line;
            foreach (BenchLine line in Family("int4-weight GEMM", threads, 0.9, null, NibblesBesideBytes)) yield return line;
            yield return Family("int4-weight GEMM, scales of 32 inputs", threads, null, null, (m, k, n, t) => Nibbles(m, k, n, t, accuracy: 4, group: 32)).Last();
            foreach (BenchLine line in Family("bfloat16 GEMM", threads, 1.8, null, Bf16)) yield return line;
            yield return Binary(threads);
            foreach (BenchLine line in PortableBench.Lines(threads)) yield return line;
            foreach (BenchLine line in DecodeBench.Lines(threads)) yield return line;
            foreach (BenchLine line in SparseBench.Lines(threads)) yield return line;
            foreach (BenchLine line in NetworkBench.Lines(threads)) yield return line;
        }
    }

    private static IEnumerable<BenchLine> Family(string family, int threads, double? mean, double? least, Func<int, int, int, int, Pair> make)
    {
        List<double> ratios = [];
        string set = "", reference = "";
        foreach ((int rows, int inputs, int outputs) in Shapes)
        {
            using Pair pair = make(rows, inputs, outputs, threads);
            (set, reference) = (pair.Instructions, pair.Reference);
            (double ours, double theirs) = Turns.Medians(pair.Ours, pair.Theirs);
            ratios.Add(theirs / ours);
            yield return new BenchLine("kernels", $"{family} {rows} x {inputs} x {outputs}, {threads} thread{(threads > 1 ? "s" : "")}, {set}", 2e-9 * rows * inputs * outputs / ours, "GOP/s", pair.Reference, theirs / ours, null, null);
        }
        double geometric = Math.Exp(ratios.Average(Math.Log));
        yield return new BenchLine("kernels", $"{family}, {threads} thread{(threads > 1 ? "s" : "")}, {set}: geometric mean of the ratios", geometric, "x", reference, geometric,
            mean is { } goal ? $"at least {goal}" + (least is { } one ? $", none below {one} (worst {ratios.Min():0.00})" : "") : null, mean is null ? null : geometric >= mean && !(ratios.Min() < least));
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
        var workers = new Workers(threads, Cores.Pin);
        OnnxProduct reference = OnnxProduct.Floats(x, Turned(w, outputs, inputs), other, rows, inputs, outputs, threads);
        reference.Run();
        gemm.Run(x, y, rows, workers);
        Agree(y, other, 1e-4 * inputs);
        return new Pair($"{gemm.Instructions}", "ONNX Runtime, MatMul", () => gemm.Run(x, y, rows, workers), reference.Run, [reference, workers]);
    }

    private static Pair Bytes(int rows, int inputs, int outputs, int threads)
    {
        var chance = new Chance(1, Streams.Sampling);
        float[] x = Draw(chance, rows * inputs), scales = new float[outputs], y = new float[rows * outputs];
        sbyte[] w = Codes(chance, outputs * inputs);
        byte[] codes = new byte[rows * inputs];
        for (int i = 0; i < codes.Length; i++) codes[i] = (byte)chance.Next(256);
        Array.Fill(scales, 0.01f);
        var gemm = new ByteGemm(w, outputs, inputs, scales, default, rows);
        var workers = new Workers(threads, Cores.Pin);
        OnnxProduct reference = OnnxProduct.Bytes(codes, Turned(w, outputs, inputs), new int[rows * outputs], rows, inputs, outputs, threads);
        return new Pair($"{gemm.Instructions}", "ONNX Runtime, MatMulInteger alone; ours rounds X and scales Y too", () => gemm.Run(x, y, rows, workers), reference.Run, [reference, workers]);
    }

    private static Pair FloatsBesideTorch(int rows, int inputs, int outputs, int threads)
    {
        var chance = new Chance(1, Streams.Sampling);
        float[] x = Draw(chance, rows * inputs), w = Draw(chance, outputs * inputs), y = new float[rows * outputs];
        var gemm = new FloatGemm(w, outputs, inputs);
        var workers = new Workers(threads, Cores.Pin);
        TorchProduct reference = TorchProduct.Floats(x, w, rows, inputs, outputs, threads);
        gemm.Run(x, y, rows, workers);
        Agree(y, reference.Result(), 1e-4 * inputs);
        return new Pair($"{gemm.Instructions}", "libtorch, linear", () => gemm.Run(x, y, rows, workers), reference.Run, [reference, workers]);
    }

    private static Pair BytesBesideTorch(int rows, int inputs, int outputs, int threads)
    {
        var chance = new Chance(1, Streams.Sampling);
        float[] scales = new float[outputs], y = new float[rows * outputs];
        sbyte[] x = Codes(chance, rows * inputs), w = Codes(chance, outputs * inputs);
        for (int row = 0; row < rows; row++) x[row * inputs] = 127;   // so that the scale of each row is 1
        Array.Fill(scales, 1);
        float[] floats = [.. x.Select(code => (float)code)];
        var gemm = new ByteGemm(w, outputs, inputs, scales, default, rows);
        var workers = new Workers(threads, Cores.Pin);
        TorchProduct reference = TorchProduct.Bytes(x, Turned(w, outputs, inputs), rows, inputs, outputs, threads);
        gemm.Run(floats, y, rows, workers);
        Agree(y, reference.Result(), inputs);
        return new Pair($"{gemm.Instructions}", "libtorch, _int_mm alone; ours rounds X and scales Y too", () => gemm.Run(floats, y, rows, workers), reference.Run, [reference, workers]);
    }

    private static Pair Nibbles(int rows, int inputs, int outputs, int threads, int accuracy, int group = 0)
    {
        (float[] x, sbyte[] w, float[] scales) = NibbleOperands(rows, inputs, outputs);
        float[] y = new float[rows * outputs], other = new float[rows * outputs];
        float[] own = group == 0 ? scales : [.. Enumerable.Repeat(scales[0], outputs * (inputs / group))];
        var gemm = new NibbleGemm(w, outputs, inputs, own, default, rows, group);
        var workers = new Workers(threads, Cores.Pin);
        OnnxProduct reference = OnnxProduct.Nibbles(x, w, scales, other, rows, inputs, outputs, threads, accuracy);
        reference.Run();
        gemm.Run(x, y, rows, workers);
        Agree(y, other, 8 * 0.01 * inputs / 127);
        return new Pair($"{gemm.Instructions}", $"ONNX Runtime, MatMulNBits at accuracy level {accuracy}", () => gemm.Run(x, y, rows, workers), reference.Run, [reference, workers]);
    }

    private static Pair NibblesBesideBytes(int rows, int inputs, int outputs, int threads)
    {
        (float[] x, sbyte[] w, float[] scales) = NibbleOperands(rows, inputs, outputs);
        float[] y = new float[rows * outputs], other = new float[rows * outputs];
        var gemm = new NibbleGemm(w, outputs, inputs, scales, default, rows);
        var bytes = new ByteGemm(w, outputs, inputs, scales, default, rows);
        var workers = new Workers(threads, Cores.Pin);
        return new Pair($"{gemm.Instructions}", "our int8", () => gemm.Run(x, y, rows, workers), () => bytes.Run(x, other, rows, workers), [workers]);
    }

    private static Pair Bf16(int rows, int inputs, int outputs, int threads)
    {
        var chance = new Chance(1, Streams.Sampling);
        float[] x = Draw(chance, rows * inputs), w = Draw(chance, outputs * inputs), y = new float[rows * outputs], other = new float[rows * outputs];
        var gemm = new Bf16Gemm(w, outputs, inputs, default, rows);
        var workers = new Workers(threads, Cores.Pin);
        OnnxProduct reference = OnnxProduct.Floats(x, Turned(w, outputs, inputs), other, rows, inputs, outputs, threads);
        reference.Run();
        gemm.Run(x, y, rows, workers);
        Agree(y, other, 0.01 * inputs);
        return new Pair($"{gemm.Instructions}", "ONNX Runtime, MatMul in floats; ours rounds X too", () => gemm.Run(x, y, rows, workers), reference.Run, [reference, workers]);
    }

    private static BenchLine Binary(int threads)
    {
        const int size = 1_024, least = 14;
        var chance = new Chance(1, Streams.Sampling);
        float[] x = Draw(chance, size * size), y = new float[size * size], scales = new float[size];
        sbyte[] w = [.. Codes(chance, size * size).Select(code => (sbyte)(code < 0 ? -1 : 1))];
        Array.Fill(scales, 1);
        var gemm = new BinaryGemm(w, size, size, scales, default, size);
        using var workers = new Workers(threads, Cores.Pin);
        using OnnxProduct reference = OnnxProduct.Floats(x, [.. w.Select(sign => (float)sign)], new float[size * size], size, size, size, threads);
        (double ours, double theirs) = Turns.Medians(() => gemm.Run(x, y, size, workers), reference.Run);
        return new BenchLine("kernels", $"binary GEMM {size} x {size} x {size}, {threads} thread{(threads > 1 ? "s" : "")}, {gemm.Instructions}", 2e-9 * size * size * size / ours, "GOP/s",
            "ONNX Runtime, MatMul in floats; ours takes the signs of X too", theirs / ours, $"ratio at least {least}", theirs >= least * ours);
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

    private static void Agree(float[] y, float[] other, double within)
    {
        for (int i = 0; i < y.Length; i++)
            if (!(Math.Abs(y[i] - other[i]) <= within)) throw new InvalidOperationException($"the products differ: {y[i]} and {other[i]} at {i}");
    }

    private static sbyte[] Codes(Chance chance, int count)
    {
        sbyte[] codes = new sbyte[count];
        for (int i = 0; i < count; i++) codes[i] = (sbyte)(chance.Next(255) - 127);
        return codes;
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
