using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu;

/// <summary>The product of 8-bit codes and 4-bit weights: sums exact with every kernel that this machine runs, whatever the codes.</summary>
public class NibbleGemmTests
{
    public static IEnumerable<TheoryDataRow<int>> Kernels => Enumerable.Range(0, TileKernel.Nibble.Count).Select(i => new TheoryDataRow<int>(i));

    // Eight steps of the largest products are as much as 16 bits hold: a ninth would be wrong in "largest".
    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryKernelSumsExactlyAndWritesNothingElse(int index) =>
        CodeProducts.AreExact((w, n, k, scales, bias, capacity) => new NibbleGemm(w, n, k, scales, bias, capacity, TileKernel.Nibble[index]), -8, 7, 1, 2, 3, 4, 5, 31, 32, 33, 34, 257, 2_049);

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

    [Theory]
    [MemberData(nameof(Kernels))]
    public void GroupsOfInputsHaveScalesOfTheirOwn(int index)
    {
        using var workers = new Workers(2);
        foreach (int m in new[] { 1, 7, 40 })
        foreach (int n in new[] { 1, 33, 64 })
        foreach (int k in new[] { 31, 32, 64, 100, 257 })
        foreach (int group in new[] { 32, 64 })
        {
            var chance = new Chance(4, Streams.Sampling, (uint)(m * 1_000_000 + n * 1_000 + k));
            int groups = (k + group - 1) / group;
            sbyte[] w = [.. Enumerable.Range(0, n * k).Select(_ => (sbyte)(chance.Next(16) - 8))];
            float[] x = [.. Enumerable.Range(0, m * k).Select(i => i % k == 0 ? 127f : chance.Next(255) - 127)], y = new float[m * n + 2 * Sample.Canaries];   // rows of scale 1
            float[] scales = [.. Enumerable.Range(0, n * groups).Select(_ => chance.Next(64) / 64f)], bias = [.. Enumerable.Range(0, n).Select(_ => (float)chance.Next(100))];
            Array.Fill(y, Sample.Canary);
            new NibbleGemm(w, n, k, scales, bias, m, TileKernel.Nibble[index], group).Run(x, y.AsSpan(Sample.Canaries, m * n), m, workers);
            Assert.All(y[..Sample.Canaries].Concat(y[^Sample.Canaries..]), v => Assert.Equal(Sample.Canary, v));
            for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                double sum = bias[j];   // whole 64ths below 2^18: floats hold every partial sum
                for (int c = 0; c < k; c++) sum += (double)x[i * k + c] * w[j * k + c] * scales[j * groups + c / group];
                Assert.Equal(sum, y[Sample.Canaries + i * n + j]);
            }
        }
    }

    [Fact]
    public void GroupsOfOtherSizesAreRefused()
    {
        Refused("a multiple of 32 inputs, or 0 for all of them, got 33", () => new NibbleGemm(new sbyte[64], 1, 64, new float[2], default, 1, 33));
        Refused("expected 1 x 2 scales, one for each output and group, got 1", () => new NibbleGemm(new sbyte[64], 1, 64, new float[1], default, 1, 32));
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
