using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu;

/// <summary>Two 4-bit products by one multiplication: exact for all operands, with every kernel that this machine runs.</summary>
public class PackedGemmTests
{
    public static IEnumerable<TheoryDataRow<int>> Kernels => Enumerable.Range(0, TileKernel.Packed.Count).Select(i => new TheoryDataRow<int>(i));

    // An input code of the row beside both weights of a lane: 15 x 16 x 16 of them. The first input gives the row the scale 1 and meets weights of 0.
    [Theory]
    [MemberData(nameof(Kernels))]
    public void AllOperandsOfALaneAreMultipliedExactly(int index)
    {
        const int rows = 15, outputs = 2 * 16 * 16;
        float[] x = new float[2 * rows], y = new float[rows * outputs], ones = new float[outputs];
        sbyte[] w = new sbyte[2 * outputs];
        Array.Fill(ones, 1);
        for (int i = 0; i < rows; i++) (x[2 * i], x[2 * i + 1]) = (7, i - 7);
        for (int lane = 0; lane < 16 * 16; lane++) (w[4 * lane + 1], w[4 * lane + 3]) = ((sbyte)(lane / 16 - 8), (sbyte)(lane % 16 - 8));
        using var workers = new Workers(1);
        new PackedGemm(w, outputs, 2, ones, default, rows, TileKernel.Packed[index]).Run(x, y, rows, workers);
        for (int i = 0; i < rows; i++)
            for (int n = 0; n < outputs; n++) Assert.Equal((i - 7) * w[2 * n + 1], y[i * outputs + n]);
    }

    // 292 of the largest products overflow a field of 16 bits; so fields are emptied every 256 steps.
    [Theory]
    [MemberData(nameof(Kernels))]
    public void LongSumsOfTheLargestCodesDoNotOverflow(int index)
    {
        using var workers = new Workers(2);
        foreach (int m in new[] { 1, 2, 6, 13 })
        foreach (int n in new[] { 1, 15, 17, 33 })
        foreach (int k in new[] { 1, 3, 255, 256, 257, 291, 292, 512, 513, 600 })
        foreach (sbyte weight in new sbyte[] { 7, -8 })
        {
            sbyte[] w = new sbyte[n * k];
            float[] x = new float[m * k], scales = new float[n], y = new float[m * n + 2 * Sample.Canaries];
            Array.Fill(w, weight);
            Array.Fill(x, 7f);
            Array.Fill(scales, 0.5f);
            Array.Fill(y, Sample.Canary);
            new PackedGemm(w, n, k, scales, default, m, TileKernel.Packed[index]).Run(x, y.AsSpan(Sample.Canaries, m * n), m, workers);
            Assert.All(y[..Sample.Canaries].Concat(y[^Sample.Canaries..]), v => Assert.Equal(Sample.Canary, v));
            Assert.All(y[Sample.Canaries..^Sample.Canaries], v => Assert.Equal(k * 7 * weight * 0.5f, v));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void RandomCodesGiveTheSumsOfWholeNumbers(int index)
    {
        const int m = 11, n = 45, k = 301;
        var chance = new Chance(6, Streams.Sampling);
        sbyte[] w = [.. Enumerable.Range(0, n * k).Select(_ => (sbyte)(chance.Next(16) - 8))];
        float[] x = [.. Enumerable.Range(0, m * k).Select(i => i % k == 0 ? 7f : chance.Next(15) - 7)], y = new float[m * n];
        float[] scales = [.. Enumerable.Range(0, n).Select(_ => chance.Next(64) / 64f)], bias = [.. Enumerable.Range(0, n).Select(_ => (float)chance.Next(100))];
        using var workers = new Workers(3);
        new PackedGemm(w, n, k, scales, bias, m, TileKernel.Packed[index]).Run(x, y, m, workers);
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++) Assert.Equal(Enumerable.Range(0, k).Sum(c => (int)x[i * k + c] * w[j * k + c]) * scales[j] + bias[j], y[i * n + j]);
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Contains("expected codes from -8 to 7, got 8", Assert.Throws<ArgumentException>(() => new PackedGemm([8], 1, 1, new float[1], default, 1)).Message);
        Assert.Contains("whose sums floats hold exactly", Assert.Throws<ArgumentException>(() => new PackedGemm(new sbyte[PackedGemm.MostInputs + 1], 1, PackedGemm.MostInputs + 1, new float[1], default, 1)).Message);
    }
}
