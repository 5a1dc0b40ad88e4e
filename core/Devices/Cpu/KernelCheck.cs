using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Gemm.Inputs;
using Hone.Devices.Cpu.Sparse;
using Hone.Model;

namespace Hone.Devices.Cpu;

/// <summary>How one kernel compared with the plain sums.</summary>
/// <param name="Format">"float", "8-bit codes", "4-bit weights" or "sparse".</param>
/// <param name="Cases">Products computed, of awkward sizes.</param>
/// <param name="Worst">Largest error as a share of the bound: of 1e-6 of the terms' magnitudes for floats; of codes any difference is 1 or more.</param>
public sealed record KernelVerdict(string Format, InstructionSet Instructions, int Cases, double Worst)
{
    public bool Holds => Worst <= 1;
}

/// <summary>Every kernel that this processor runs against plain sums, on the processor itself: for machines that no test run has seen.</summary>
public static class KernelCheck
{
    private const double FloatBound = 1e-6;   // of the sum of the terms' magnitudes
    private static readonly int[] Rows = [1, 2, 5, 6, 7, 13], Outputs = [1, 15, 16, 17, 33], Inputs = [1, 3, 4, 31, 33, 257];

    public static IReadOnlyList<KernelVerdict> Run()
    {
        using var workers = new Workers(2);
        return [.. TileKernel.Float.Select(k => Verdict("float", k, workers, Float)), .. TileKernel.Byte.Select(k => Verdict("8-bit codes", k, workers, Codes)),
            .. TileKernel.Nibble.Select(k => Verdict("4-bit weights", k, workers, Nibbles)), .. SparseKernel.All.Select(k => SparseCheck.Verdict(k, workers))];
    }

    private static KernelVerdict Verdict(string format, TileKernel kernel, Workers workers, Func<TileKernel, int, int, int, Workers, double> error)
    {
        int cases = 0;
        double worst = 0;
        foreach (int m in Rows)
        foreach (int n in Outputs)
        foreach (int k in Inputs)
        {
            cases++;
            double one = error(kernel, m, n, k, workers);
            worst = double.IsNaN(one) ? double.PositiveInfinity : Math.Max(worst, one);
        }
        return new KernelVerdict(format, kernel.Set, cases, worst);
    }

    private static double Float(TileKernel kernel, int m, int n, int k, Workers workers)
    {
        Chance chance = Draws(m, n, k);
        float[] x = Draw(m * k), w = Draw(n * k), y = new float[m * n];
        new FloatGemm(w, n, k, default, kernel).Run(x, y, m, workers);
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
            worst = Math.Max(worst, Math.Abs(y[i * n + j] - sum) / (FloatBound * magnitude + double.Epsilon));
        }
        return worst;

        float[] Draw(int count)
        {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) values[i] = chance.Next(2_001) / 1_000f - 1;
            return values;
        }
    }

    private static double Codes(TileKernel kernel, int m, int n, int k, Workers workers) =>
        Whole(m, n, k, 8, (w, ones, x, y) => new ByteGemm(w, n, k, ones, default, m, kernel).Run(x, y, m, workers));

    private static double Nibbles(TileKernel kernel, int m, int n, int k, Workers workers) =>
        Whole(m, n, k, 4, (w, ones, x, y) => new NibbleGemm(w, n, k, ones, default, m, kernel).Run(x, y, m, workers));

    private static double Whole(int m, int n, int k, int bits, Action<sbyte[], float[], float[], float[]> run)
    {
        Chance chance = Draws(m, n, k);
        sbyte[] w = new sbyte[n * k];
        float[] x = new float[m * k], ones = new float[n], y = new float[m * n];
        Array.Fill(ones, 1);
        for (int i = 0; i < w.Length; i++) w[i] = (sbyte)(chance.Next(1 << bits) - (1 << (bits - 1)));
        for (int i = 0; i < x.Length; i++) x[i] = i % k == 0 ? RowCodes.Largest : chance.Next(255) - 127;   // the row's scale is 1, its codes are X
        run(w, ones, x, y);
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

    private static Chance Draws(int m, int n, int k) => new(11, Streams.Sampling, (uint)(m * 1_000_000 + n * 1_000 + k));
}
