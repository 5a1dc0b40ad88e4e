using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Gemm.Inputs;

namespace Hone.Core.Tests.Devices.Cpu;

/// <summary>The product in bfloat16 against sums in double, with every kernel that this machine runs.</summary>
public class Bf16GemmTests
{
    // Of the terms' magnitudes: half a unit in the last of 8 bits for X and for W each, and the roundings of float sums.
    private const double Bound = 2.0 / 256 + 1.0 / (256 * 256) + 1e-6;

    public static IEnumerable<TheoryDataRow<int>> Kernels => Enumerable.Range(0, TileKernel.Bf16.Count).Select(i => new TheoryDataRow<int>(i));

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryKernelComputesTheProductAndWritesNothingElse(int index)
    {
        using var workers = new Workers(2);
        foreach (int m in new[] { 1, 2, 5, 7, 14, 121 })
        foreach (int n in new[] { 1, 15, 17, 33, 100, 293 })
        foreach (int k in new[] { 1, 2, 3, 31, 257 })
        {
            var sample = new Sample(m, n, k);
            float[] y = new float[m * n + 2 * Sample.Canaries];
            Array.Fill(y, Sample.Canary);
            new Bf16Gemm(sample.W, n, k, sample.Bias, m, TileKernel.Bf16[index]).Run(sample.X, y.AsSpan(Sample.Canaries, m * n), m, workers);
            Assert.All(y[..Sample.Canaries].Concat(y[^Sample.Canaries..]), v => Assert.Equal(Sample.Canary, v));
            sample.Each((i, j, sum, magnitude) => Assert.InRange(Math.Abs(y[Sample.Canaries + i * n + j] - sum), 0, Bound * magnitude));
        }
    }

    // Whole numbers of at most 8 bits are exact in bfloat16, and so are sums of their products in floats: any rounding of operands or lost term would show.
    [Theory]
    [MemberData(nameof(Kernels))]
    public void NumbersThatFitAreMultipliedExactly(int index)
    {
        const int m = 9, n = 37, k = 75;
        float[] x = [.. Enumerable.Range(0, m * k).Select(i => (float)(i * 37 % 255 - 127))], w = [.. Enumerable.Range(0, n * k).Select(i => (float)(i * 53 % 255 - 127))], y = new float[m * n];
        using var workers = new Workers(1);
        new Bf16Gemm(w, n, k, default, m, TileKernel.Bf16[index]).Run(x, y, m, workers);
        for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) Assert.Equal(Enumerable.Range(0, k).Sum(c => (double)x[i * k + c] * w[j * k + c]), y[i * n + j]);
    }

    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(-2.5f, 0xC020)]
    [InlineData(1.00390625f, 0x3F80)]   // between two neighbours: to the even one
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(1.004f, 0x3F81)]
    public void NumbersAreRoundedToNearestTiesToEven(float x, int bits) => Assert.Equal(bits, Bf16Rows.Round(x));
}
