using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu;

/// <summary>The product of signs: exact with every kernel that this machine runs.</summary>
public class BinaryGemmTests
{
    public static IEnumerable<TheoryDataRow<int>> Kernels => Enumerable.Range(0, TileKernel.Binary.Count).Select(i => new TheoryDataRow<int>(i));

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryKernelCountsExactlyAndWritesNothingElse(int index)
    {
        using var workers = new Workers(2);
        foreach (int m in new[] { 1, 2, 3, 11, 12, 13, 121 })
        foreach (int n in new[] { 1, 15, 17, 33, 70, 293 })
        foreach (int k in new[] { 1, 31, 32, 33, 64, 257, 1_025 })
        {
            var chance = new Chance(5, Streams.Sampling, (uint)(m * 1_000_000 + n * 1_000 + k));
            sbyte[] w = new sbyte[n * k];
            float[] x = new float[m * k], scales = new float[n], bias = new float[n], y = new float[m * n + 2 * Sample.Canaries];
            for (int i = 0; i < w.Length; i++) w[i] = (sbyte)(chance.Next(2) * 2 - 1);
            for (int i = 0; i < x.Length; i++) x[i] = chance.Next(201) / 100f - 1;   // zeros too: they are positive
            for (int j = 0; j < n; j++) (scales[j], bias[j]) = (chance.Next(100) / 64f, chance.Next(100));
            Array.Fill(y, Sample.Canary);
            new BinaryGemm(w, n, k, scales, bias, m, TileKernel.Binary[index]).Run(x, y.AsSpan(Sample.Canaries, m * n), m, workers);
            Assert.All(y[..Sample.Canaries].Concat(y[^Sample.Canaries..]), v => Assert.Equal(Sample.Canary, v));
            for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                int sum = 0;
                for (int c = 0; c < k; c++) sum += (x[i * k + c] < 0 ? -1 : 1) * w[j * k + c];
                Assert.Equal(sum * scales[j] + bias[j], y[Sample.Canaries + i * n + j]);   // scales and biases are such that floats hold all of it
            }
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Contains("expected weights of -1 and 1, got 0", Assert.Throws<ArgumentException>(() => new BinaryGemm([1, 0], 1, 2, new float[1], default, 1)).Message);
        Assert.Contains("expected 2 scales", Assert.Throws<ArgumentException>(() => new BinaryGemm([1, -1], 2, 1, new float[1], default, 1)).Message);
    }
}
