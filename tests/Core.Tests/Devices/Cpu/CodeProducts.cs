using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu;

/// <summary>Products of codes of awkward sizes and contents, against sums of whole numbers.</summary>
internal static class CodeProducts
{
    /// <summary>Makes a product of [N][K] weights, scales, biases and a capacity of rows.</summary>
    public delegate CodeGemm Maker(sbyte[] weights, int outputs, int inputs, float[] scales, float[] bias, int capacity);

    /// <summary>Sums are exact, and nothing else is written.</summary>
    /// <param name="least">The smallest weight.</param>
    /// <param name="most">The largest.</param>
    public static void AreExact(Maker make, sbyte least, sbyte most, params int[] depths)
    {
        using var workers = new Workers(2);
        foreach (int m in new[] { 1, 2, 5, 6, 7, 125 })
        foreach (int n in new[] { 1, 15, 16, 17, 64, 293 })
        foreach (int k in depths)
        foreach (string content in new[] { "random", "largest", "smallest", "alternating" })
        {
            if ((content != "random" && m == 125) || (n > 64 && m is not (1 or 7))) continue;
            var chance = new Chance(9, Streams.Sampling, (uint)(m * 1_000_000 + n * 1_000 + k));
            sbyte[] w = new sbyte[n * k];
            float[] x = new float[m * k], scales = new float[n], bias = new float[n], y = new float[m * n + 2 * Sample.Canaries];
            for (int i = 0; i < w.Length; i++) w[i] = Weight(content, i, chance, least, most);
            for (int i = 0; i < x.Length; i++) x[i] = content == "random" ? chance.Next(255) - 127 : content == "alternating" && i % 2 == 0 ? -127 : 127;
            for (int i = 0; i < m; i++) x[i * k] = 127;   // so that the row's scale is 1 and its codes are X
            for (int j = 0; j < n; j++) (scales[j], bias[j]) = (chance.Next(100) / 64f, chance.Next(100));
            Array.Fill(y, Sample.Canary);
            make(w, n, k, scales, bias, m).Run(x, y.AsSpan(Sample.Canaries, m * n), m, workers);
            Assert.All(y[..Sample.Canaries].Concat(y[^Sample.Canaries..]), v => Assert.Equal(Sample.Canary, v));
            for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                int sum = 0;
                for (int c = 0; c < k; c++) sum += (int)x[i * k + c] * w[j * k + c];
                float expected = sum * (scales[j] * 1f) + bias[j];
                Assert.True(expected == y[Sample.Canaries + i * n + j], $"{content} {m} x {n} x {k} at {i}, {j}: expected {expected}, got {y[Sample.Canaries + i * n + j]}");
            }
        }
    }

    private static sbyte Weight(string content, int at, Chance chance, sbyte least, sbyte most) => content switch
    {
        "random" => (sbyte)(chance.Next(most - least + 1) + least),
        "largest" => most,
        "smallest" => least,
        _ => at % 2 == 0 ? most : least,
    };
}
