using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu;

/// <summary>The product of 8-bit codes and 4-bit weights: sums exact with every kernel that this machine runs, whatever the codes.</summary>
public class NibbleGemmTests
{
    public static IEnumerable<TheoryDataRow<int>> Kernels => Enumerable.Range(0, TileKernel.Nibble.Count).Select(i => new TheoryDataRow<int>(i));

    private static sbyte Code(string content, Chance chance, int at) => content switch
    {
        "random" => (sbyte)(chance.Next(16) - 8),
        "largest" => 7,
        "smallest" => -8,
        _ => (sbyte)(at % 2 == 0 ? 7 : -8),
    };

    // Eight steps of the largest products are as much as 16 bits hold: a ninth would be wrong in "largest".
    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryKernelSumsExactlyAndWritesNothingElse(int index)
    {
        using var workers = new Workers(2);
        foreach (int m in new[] { 1, 2, 5, 6, 7, 125 })
        foreach (int n in new[] { 1, 15, 16, 17, 64 })
        foreach (int k in new[] { 1, 2, 3, 4, 5, 31, 32, 33, 34, 257, 2_049 })
        foreach (string content in new[] { "random", "largest", "smallest", "alternating" })
        {
            if (content != "random" && m == 125) continue;
            var chance = new Chance(9, Streams.Sampling, (uint)(m * 1_000_000 + n * 1_000 + k));
            sbyte[] w = new sbyte[n * k];
            float[] x = new float[m * k], scales = new float[n], bias = new float[n], y = new float[m * n + 2 * Sample.Canaries];
            for (int i = 0; i < w.Length; i++) w[i] = Code(content, chance, i);
            for (int i = 0; i < x.Length; i++) x[i] = content == "random" ? chance.Next(255) - 127 : content == "alternating" && i % 2 == 0 ? -127 : 127;
            for (int i = 0; i < m; i++) x[i * k] = 127;   // so that the row's scale is 1 and its codes are X
            for (int j = 0; j < n; j++) (scales[j], bias[j]) = (chance.Next(100) / 64f, chance.Next(100));
            Array.Fill(y, Sample.Canary);
            new NibbleGemm(w, n, k, scales, bias, m, TileKernel.Nibble[index]).Run(x, y.AsSpan(Sample.Canaries, m * n), m, workers);
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

    [Fact]
    public void TheyGiveTheBitsOfTheProductOfEightBitCodes()
    {
        const int m = 9, n = 40, k = 301;
        var sample = new Sample(m, n, k);
        sbyte[] codes = [.. sample.W.Select(w => (sbyte)MathF.Round(w * 7))];
        float[] scales = new float[n], expected = new float[m * n];
        Array.Fill(scales, 1 / 7f);
        using var workers = new Workers(3);
        new ByteGemm(codes, n, k, scales, sample.Bias, m).Run(sample.X, expected, m, workers);
        foreach (TileKernel kernel in TileKernel.Nibble)
        {
            float[] y = new float[m * n];
            new NibbleGemm(codes, n, k, scales, sample.Bias, m, kernel).Run(sample.X, y, m, workers);
            Assert.Equal(expected, y);
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedWithTheSizes()
    {
        Refused("expected 2 x 3 weights", () => new NibbleGemm(new sbyte[5], 2, 3, new float[2], default, 1));
        Refused("expected 2 scales", () => new NibbleGemm(new sbyte[6], 2, 3, new float[3], default, 1));
        Refused("expected 2 biases", () => new NibbleGemm(new sbyte[6], 2, 3, new float[2], new float[1], 1));
        Refused("-8 to 7, got 8", () => new NibbleGemm([8, 0, 0, 0, 0, 0], 2, 3, new float[2], default, 1));
        Refused("-8 to 7, got -9", () => new NibbleGemm([0, 0, 0, 0, 0, -9], 2, 3, new float[2], default, 1));
        using var workers = new Workers(1);
        Refused("expected X to be M x 3", () => new NibbleGemm(new sbyte[6], 2, 3, new float[2], default, 1).Run(new float[4], new float[2], 1, workers));
    }

    private static void Refused(string says, Action act) => Assert.Contains(says, Assert.Throws<ArgumentException>(act).Message);
}
