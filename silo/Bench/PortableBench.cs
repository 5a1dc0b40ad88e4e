using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Silo.Bench;

/// <summary>Kernels that the compiler makes beside those that are written at run time, and the products that Agile-Quant adds beside our 8-bit one: one shape.</summary>
internal static class PortableBench
{
    private const int Rows = 197, Inputs = 768, Outputs = 768;
    private const double Goal = 0.4;

    public static IEnumerable<BenchLine> Lines(int threads)
    {
        using var workers = new Workers(threads, Cores.Pin);
        var chance = new Chance(1, Streams.Sampling);
        float[] x = Draw(Rows * Inputs), w = Draw(Outputs * Inputs), ones = [.. Enumerable.Repeat(0.01f, Outputs)], y = new float[Rows * Outputs];
        sbyte[] bytes = Codes(256), nibbles = Codes(16), signs = [.. bytes.Select(code => (sbyte)(code < 0 ? -1 : 1))];

        foreach (BenchLine line in Beside("float", TileKernel.Float, kernel => new FloatGemm(w, Outputs, Inputs, default, kernel))) yield return line;
        foreach (BenchLine line in Beside("bfloat16", TileKernel.Bf16, kernel => new Bf16Gemm(w, Outputs, Inputs, default, Rows, kernel))) yield return line;
        foreach (BenchLine line in Beside("int8", TileKernel.Byte, kernel => new ByteGemm(bytes, Outputs, Inputs, ones, default, Rows, kernel))) yield return line;
        foreach (BenchLine line in Beside("int4-weight", TileKernel.Nibble, kernel => new NibbleGemm(nibbles, Outputs, Inputs, ones, default, Rows, kernel))) yield return line;
        foreach (BenchLine line in Beside("binary", TileKernel.Binary, kernel => new BinaryGemm(signs, Outputs, Inputs, ones, default, Rows, kernel))) yield return line;

        var plain = new ByteGemm(bytes, Outputs, Inputs, ones, default, Rows);
        yield return BesidePlain("packed 4-bit GEMM, two products by a multiplication", new PackedGemm(nibbles, Outputs, Inputs, ones, default, Rows));
        yield return BesidePlain("TRIP int8 GEMM, exponents 0 to 4", new TripGemm(bytes, Outputs, ones, default, Rows, new TripFormat(0.001f, 128, [.. Enumerable.Range(0, Inputs).Select(c => c % 5)])));

        IEnumerable<BenchLine> Beside(string format, IReadOnlyList<TileKernel> kernels, Func<TileKernel, IGemm> make)
        {
            if (kernels[^1] is not { Generated: true } best) yield break;
            TileKernel other = kernels.Last(kernel => !kernel.Generated);
            IGemm compiled = make(other), generated = make(best);
            (double ours, double theirs) = Turns.Medians(() => compiled.Run(x, y, Rows, workers), () => generated.Run(x, y, Rows, workers));
            yield return Line($"portable {format} GEMM", compiled.Instructions, ours, $"generated, {generated.Instructions}", theirs / ours, Goal);
        }

        BenchLine BesidePlain(string name, IGemm gemm)
        {
            (double ours, double theirs) = Turns.Medians(() => gemm.Run(x, y, Rows, workers), () => plain.Run(x, y, Rows, workers));
            return Line(name, gemm.Instructions, ours, "our int8", theirs / ours, null);
        }

        BenchLine Line(string name, InstructionSet set, double seconds, string reference, double ratio, double? goal) =>
            new("kernels", $"{name} {Rows} x {Inputs} x {Outputs}, {threads} thread{(threads > 1 ? "s" : "")}, {set}", 2e-9 * Rows * Inputs * Outputs / seconds, "GOP/s", reference, ratio,
                goal is { } least ? $"ratio at least {least}" : null, goal is { } atLeast ? ratio >= atLeast : null);

        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => chance.Next(2_001) / 1_000f - 1)];

        sbyte[] Codes(int values) => [.. Enumerable.Range(0, Outputs * Inputs).Select(_ => (sbyte)(chance.Next(values) - values / 2))];
    }
}
