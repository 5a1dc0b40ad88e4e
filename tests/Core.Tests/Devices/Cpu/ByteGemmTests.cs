using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu;

/// <summary>The product of 8-bit codes: sums exact with every kernel that this machine runs, whatever the codes.</summary>
public class ByteGemmTests
{
    public static IEnumerable<TheoryDataRow<int>> Kernels => Enumerable.Range(0, TileKernel.Byte.Count).Select(i => new TheoryDataRow<int>(i));

    private static sbyte Code(string content, Chance chance, int at) => content switch
    {
        "random" => (sbyte)(chance.Next(255) - 127),
        "largest" => 127,
        "smallest" => -128,
        _ => (sbyte)(at % 2 == 0 ? 127 : -128),
    };

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryKernelSumsExactlyAndWritesNothingElse(int index)
    {
        using var workers = new Workers(2);
        foreach (int m in new[] { 1, 2, 5, 6, 7, 125 })
        foreach (int n in new[] { 1, 15, 16, 17, 64 })
        foreach (int k in new[] { 1, 3, 4, 31, 32, 33, 257, 2_049 })
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
            new ByteGemm(w, n, k, scales, bias, m, TileKernel.Byte[index]).Run(x, y.AsSpan(Sample.Canaries, m * n), m, workers);
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
    public void AllKernelsGiveTheSameBitsForAnyInputs()
    {
        const int m = 9, n = 40, k = 301;
        var sample = new Sample(m, n, k);
        sbyte[] codes = [.. sample.W.Select(w => (sbyte)MathF.Round(w * 127))];
        float[] scales = new float[n];
        Array.Fill(scales, 1 / 127f);
        float[]? first = null;
        using var workers = new Workers(3);
        foreach (TileKernel kernel in TileKernel.Byte)
        {
            float[] y = new float[m * n];
            new ByteGemm(codes, n, k, scales, sample.Bias, m, kernel).Run(sample.X, y, m, workers);
            Assert.Equal(first ??= y, y);
        }
        // Half a step of 1/127 in X and in W at most, for each of K terms of at most 1.
        sample.Each((i, j, sum, _) => Assert.InRange(Math.Abs(first![i * n + j] - sum), 0, k / 127.0));
    }

    [Fact]
    public void RowsAreRoundedToTheNearestCodeTiesToEvenEachWithItsOwnScale()
    {
        float[] x = [127, 0.5f, 1.5f, -2.5f, -0.49f, 0, 0, 0, 0, 0, 254, 1, 3, 5, -254];
        foreach (TileKernel kernel in TileKernel.Byte)
        {
            // One output for each input: Y is the codes, times the row's scale.
            sbyte[] identity = [.. Enumerable.Range(0, 25).Select(i => (sbyte)(i % 6 == 0 ? 1 : 0))];
            float[] y = new float[15];
            using var workers = new Workers(1);
            new ByteGemm(identity, 5, 5, [1, 1, 1, 1, 1], default, 3, kernel).Run(x, y, 3, workers);
            Assert.Equal([127, 0, 2, -2, 0, 0, 0, 0, 0, 0, 254, 0, 4, 4, -254], y);
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedWithTheSizes()
    {
        Refused("expected 2 x 3 weights", () => new ByteGemm(new sbyte[5], 2, 3, new float[2], default, 1));
        Refused("expected 2 scales", () => new ByteGemm(new sbyte[6], 2, 3, new float[3], default, 1));
        Refused("expected 2 biases", () => new ByteGemm(new sbyte[6], 2, 3, new float[2], new float[1], 1));
        Refused("fits into 32 bits", () => new ByteGemm(new sbyte[ByteGemm.MostInputs + 1], 1, ByteGemm.MostInputs + 1, new float[1], default, 1));
        using var workers = new Workers(1);
        Refused("expected at most 1 rows, got 2", () => new ByteGemm(new sbyte[6], 2, 3, new float[2], default, 1).Run(new float[6], new float[4], 2, workers));
    }

    private static void Refused(string says, Action act) => Assert.Contains(says, Assert.Throws<ArgumentException>(act).Message);
}
