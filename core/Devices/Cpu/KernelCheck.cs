using System.Numerics;
using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Gemm.Inputs;
using Hone.Devices.Cpu.Sparse;
using Hone.Model;

namespace Hone.Devices.Cpu;

/// <summary>How one kernel compared with the plain sums.</summary>
/// <param name="Format">"float", "bfloat16", "8-bit codes", "4-bit weights", "packed 4-bit codes", "signs" or "sparse".</param>
/// <param name="Cases">Products computed, of awkward sizes.</param>
/// <param name="Worst">Largest error as a share of the bound: of 1e-6 of the terms' magnitudes for floats, and the rounding of both operands for bfloat16; of codes any difference is 1 or more.</param>
/// <param name="Generated">Whether its code is written at run time.</param>
public sealed record KernelVerdict(string Format, InstructionSet Instructions, int Cases, double Worst, bool Generated = false)
{
    public bool Holds => Worst <= 1;
}

/// <summary>Every kernel that this processor runs against plain sums, on the processor itself: for machines that no test run has seen.</summary>
public static class KernelCheck
{
    private const double FloatBound = 1e-6, Bf16Bound = 2.0 / 256 + 1.0 / (256 * 256) + FloatBound;   // of the sum of the terms' magnitudes
    private static readonly int[] Rows = [1, 2, 5, 6, 7, 13], Outputs = [1, 15, 16, 17, 33], Inputs = [1, 3, 4, 31, 33, 257];

    public static IReadOnlyList<KernelVerdict> Run()
    {
        using var workers = new Workers(2);
        return
        [
            .. Of("float", TileKernel.Float, (kernel, m, n, k) => Real(m, n, k, FloatBound, (w, x, y) => new FloatGemm(w, n, k, default, kernel).Run(x, y, m, workers))),
            .. Of("bfloat16", TileKernel.Bf16, (kernel, m, n, k) => Real(m, n, k, Bf16Bound, (w, x, y) => new Bf16Gemm(w, n, k, default, m, kernel).Run(x, y, m, workers))),
            .. Of("8-bit codes", TileKernel.Byte, (kernel, m, n, k) => Whole(m, n, k, sbyte.MaxValue, Rounding.Largest, (w, ones, x, y) => new ByteGemm(w, n, k, ones, default, m, kernel).Run(x, y, m, workers))),
            .. Of("4-bit weights", TileKernel.Nibble, (kernel, m, n, k) => Whole(m, n, k, NibbleRows.Largest, Rounding.Largest, (w, ones, x, y) => new NibbleGemm(w, n, k, ones, default, m, kernel).Run(x, y, m, workers))),
            .. Of("packed 4-bit codes", TileKernel.Packed, (kernel, m, n, k) => Whole(m, n, k, NibbleRows.Largest, NibbleRows.Largest, (w, ones, x, y) => new PackedGemm(w, n, k, ones, default, m, kernel).Run(x, y, m, workers))),
            .. Of("signs", TileKernel.Binary, (kernel, m, n, k) => Whole(m, n, k, 0, 1, (w, ones, x, y) => new BinaryGemm(Signs(w), n, k, ones, default, m, kernel).Run(Signs(x), y, m, workers))),
            .. SparseKernel.All.Select(kernel => SparseCheck.Verdict(kernel, workers)),
        ];
    }

    private static IEnumerable<KernelVerdict> Of(string format, IReadOnlyList<TileKernel> kernels, Func<TileKernel, int, int, int, double> error) => kernels.Select(kernel => Verdict(format, kernel, error));

    private static KernelVerdict Verdict(string format, TileKernel kernel, Func<TileKernel, int, int, int, double> error)
    {
        int cases = 0;
        double worst = 0;
        foreach (int m in Rows)
        foreach (int n in Outputs)
        foreach (int k in Inputs)
        {
            cases++;
            double one = error(kernel, m, n, k);
            worst = double.IsNaN(one) ? double.PositiveInfinity : Math.Max(worst, one);
        }
        return new KernelVerdict(format, kernel.Set, cases, worst, kernel.Generated);
    }

    private static double Real(int m, int n, int k, double bound, Action<float[], float[], float[]> run)
    {
        Chance chance = Draws(m, n, k);
        float[] x = Draw(m * k), w = Draw(n * k), y = new float[m * n];
        run(w, x, y);
        double worst = 0;
        for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
        {
            double sum = 0, magnitude = 0;
            for (int c = 0; c < k; c++)
            {
                double product = (double)x[i * k + c] * w[j * k + c];
                (sum, magnitude) = (sum + product, magnitude + Math.Abs(product));
            }
            worst = Math.Max(worst, Math.Abs(y[i * n + j] - sum) / (bound * magnitude + double.Epsilon));
        }
        return worst;

        float[] Draw(int count)
        {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) values[i] = chance.Next(2_001) / 1_000f - 1;
            return values;
        }
    }

    /// <param name="weight">The largest; the smallest is one further from 0.</param>
    /// <param name="input">The largest, which the first of each row is, so that its scale is 1 and its codes are X.</param>
    private static double Whole(int m, int n, int k, int weight, int input, Action<sbyte[], float[], float[], float[]> run)
    {
        Chance chance = Draws(m, n, k);
        sbyte[] w = new sbyte[n * k];
        float[] x = new float[m * k], ones = new float[n], y = new float[m * n];
        Array.Fill(ones, 1);
        for (int i = 0; i < w.Length; i++) w[i] = (sbyte)(chance.Next(2 * weight + 2) - weight - 1);
        for (int i = 0; i < x.Length; i++) x[i] = i % k == 0 ? input : chance.Next(2 * input + 1) - input;
        run(w, ones, x, y);
        if (weight == 0) (w, x) = (Signs(w), Signs(x));
        double worst = 0;
        for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
        {
            int sum = 0;
            for (int c = 0; c < k; c++) sum += (int)x[i * k + c] * w[j * k + c];
            worst = Math.Max(worst, 2 * Math.Abs(y[i * n + j] - sum));   // sums are whole: one off is two
        }
        return worst;
    }

    private static T[] Signs<T>(T[] values) where T : INumber<T> => [.. values.Select(value => value < T.Zero ? -T.One : T.One)];

    private static Chance Draws(int m, int n, int k) => new(11, Streams.Sampling, (uint)(m * 1_000_000 + n * 1_000 + k));
}
