using Hone.Model;

namespace Hone.Devices.Cpu.Sparse;

/// <summary>The sparse tiles of one instruction set against plain sums: every format, matrices and vectors.</summary>
internal static class SparseCheck
{
    private const double Bound = 1e-6;   // of the sum of the terms' magnitudes
    private const double Density = 0.3;
    private const int BlockHeight = 8, BlockWidth = 16;
    private static readonly int[] Outputs = [1, 5, 16, 33], Inputs = [1, 3, 31, 257], Columns = [1, 7, 16, 33, 64, 100];

    public static KernelVerdict Verdict(SparseKernel kernel, Workers workers)
    {
        int cases = 0;
        double worst = 0;
        foreach (int m in Outputs)
        foreach (int k in Inputs)
        foreach (SparseFormat format in Enum.GetValues<SparseFormat>())
        {
            var chance = new Chance(12, Streams.Sampling, (uint)(m * 1_000 + k));
            float[] w = Draw(chance, m * k), bias = Draw(chance, m);
            if (format != SparseFormat.Dense) BlockProjection.Project(w, m, k, new BlockPruning(BlockHeight, BlockWidth, Density)).Apply(w);
            var layout = new SparseLayout(format, BlockHeight, BlockWidth);
            var gemm = new SparseGemm(w, m, k, layout, bias, null, kernel);
            foreach (int n in Columns)
            {
                float[] x = Draw(chance, k * n), y = new float[m * n];
                gemm.Run(x, y, n, workers);
                See(Error(w, x, bias, y, n));
            }
            float[] vector = Draw(chance, k), product = new float[m];
            new SparseGemv(w, m, k, layout, bias, null, kernel).Run(vector, product, workers);
            See(Error(w, vector, bias, product, 1));
        }
        return new KernelVerdict("sparse", kernel.Set, cases, worst);

        void See(double error)
        {
            cases++;
            worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);
        }
    }

    private static double Error(float[] w, float[] x, float[] bias, float[] y, int n)
    {
        int m = bias.Length, k = w.Length / m;
        double worst = 0;
        for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
        {
            double sum = bias[i], magnitude = Math.Abs(bias[i]);
            for (int c = 0; c < k; c++)
            {
                double product = (double)w[i * k + c] * x[c * n + j];
                (sum, magnitude) = (sum + product, magnitude + Math.Abs(product));
            }
            worst = Math.Max(worst, Math.Abs(y[i * n + j] - sum) / (Bound * magnitude + double.Epsilon));
        }
        return worst;
    }

    private static float[] Draw(Chance chance, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = chance.Next(2_001) / 1_000f - 1;
        return values;
    }
}
