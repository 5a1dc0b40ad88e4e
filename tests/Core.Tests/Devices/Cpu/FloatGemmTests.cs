using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu;

/// <summary>The float product against sums in double, with every kernel that this machine runs.</summary>
public class FloatGemmTests
{
    // Of the sum of the products' magnitudes: a rounding of 2^-24 for each of K additions, which hardly ever add up.
    private const double Bound = 1e-6;

    public static IEnumerable<TheoryDataRow<int>> Kernels => Enumerable.Range(0, TileKernel.Float.Count).Select(i => new TheoryDataRow<int>(i));

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryKernelComputesTheProductAndWritesNothingElse(int index)
    {
        using var workers = new Workers(2);
        foreach (int m in new[] { 1, 2, 5, 6, 7, 13, 241 })
        foreach (int n in new[] { 1, 15, 16, 17, 33, 100, 293 })
        foreach (int k in new[] { 1, 3, 31, 257, 513 })
        {
            var sample = new Sample(m, n, k);
            float[] y = new float[m * n + 2 * Sample.Canaries];
            Array.Fill(y, Sample.Canary);
            new FloatGemm(sample.W, n, k, sample.Bias, TileKernel.Float[index]).Run(sample.X, y.AsSpan(Sample.Canaries, m * n), m, workers);
            Assert.All(y[..Sample.Canaries].Concat(y[^Sample.Canaries..]), v => Assert.Equal(Sample.Canary, v));
            sample.Each((i, j, sum, magnitude) => Assert.InRange(Math.Abs(y[Sample.Canaries + i * n + j] - sum), 0, Bound * magnitude));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void AnyNumberOfWorkersGivesTheSameBits(int index)
    {
        const int m = 50, n = 70, k = 1_000;
        var sample = new Sample(m, n, k);
        float[] one = new float[m * n], more = new float[m * n];
        var gemm = new FloatGemm(sample.W, n, k, default, TileKernel.Float[index]);
        using (var workers = new Workers(1)) gemm.Run(sample.X, one, m, workers);
        foreach (int count in new[] { 2, 3, 9 })
        {
            Array.Clear(more);
            using var workers = new Workers(count);
            gemm.Run(sample.X, more, m, workers);
            Assert.Equal(one, more);
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedWithTheSizes()
    {
        Refused("expected 2 x 3 weights", () => new FloatGemm(new float[5], 2, 3));
        Refused("expected 2 biases", () => new FloatGemm(new float[6], 2, 3, new float[3]));
        using var workers = new Workers(1);
        var gemm = new FloatGemm(new float[6], 2, 3);
        Refused("expected Y to be 2 x 2, got 5", () => gemm.Run(new float[6], new float[5], 2, workers));
        Refused("expected X to be M x 3 with M = 2", () => gemm.Run(new float[7], new float[4], 2, workers));
        Refused("at least 1", () => gemm.Run([], [], 0, workers));
    }

    private static void Refused(string says, Action act) => Assert.Contains(says, Assert.Throws<ArgumentException>(act).Message);
}
