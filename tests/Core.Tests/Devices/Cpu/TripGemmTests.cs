using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu;

/// <summary>The product of codes with a power of two for each channel, with every kernel that this machine runs.</summary>
public class TripGemmTests
{
    public static IEnumerable<TheoryDataRow<int>> Kernels => Enumerable.Range(0, TileKernel.Byte.Count).Select(i => new TheoryDataRow<int>(i));

    // All numbers are such that floats hold every step: what is expected are sums in whole numbers of what the codes stand for.
    [Theory]
    [MemberData(nameof(Kernels))]
    public void CodesOfAllExponentsGiveTheSumsOfWhatTheyStandFor(int index)
    {
        using var workers = new Workers(2);
        foreach (int m in new[] { 1, 7, 14 })
        foreach (int n in new[] { 1, 17, 40 })
        foreach (int k in new[] { 1, 3, 31, 66 })
        foreach (int exponents in new[] { 1, 5 })
        foreach (int zero in new[] { 0, 100, 255 })
        {
            var chance = new Chance(8, Streams.Sampling, (uint)(m * 1_000_000 + n * 1_000 + k));
            int[] a = [.. Enumerable.Range(0, k).Select(_ => chance.Next(exponents))];
            var format = new TripFormat(0.5f, zero, a);
            sbyte[] w = [.. Enumerable.Range(0, n * k).Select(_ => (sbyte)(chance.Next(256) - 128))];
            int[] codes = [.. Enumerable.Range(0, m * k).Select(_ => chance.Next(256))];
            float[] x = [.. codes.Select((q, i) => MathF.ScaleB(0.5f, a[i % k]) * (q - zero))], scales = [.. Enumerable.Range(0, n).Select(_ => chance.Next(4) / 4f)], bias = [.. Enumerable.Range(0, n).Select(_ => (float)chance.Next(100))];
            float[] y = new float[m * n + 2 * Sample.Canaries];
            Array.Fill(y, Sample.Canary);
            new TripGemm(w, n, scales, bias, m, format, TileKernel.Byte[index]).Run(x, y.AsSpan(Sample.Canaries, m * n), m, workers);
            Assert.All(y[..Sample.Canaries].Concat(y[^Sample.Canaries..]), v => Assert.Equal(Sample.Canary, v));
            for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int c = 0; c < k; c++) sum += (double)x[i * k + c] * w[j * k + c];
                double expected = sum * scales[j] + bias[j], bound = 1e-6 * (Enumerable.Range(0, k).Sum(c => 255.0 * MathF.ScaleB(0.5f, a[c]) * 128) * scales[j] + Math.Abs(bias[j]));
                Assert.InRange(y[Sample.Canaries + i * n + j] - expected, -bound, bound);   // the zero point's part is large beside the sum and leaves roundings of it
            }
        }
    }

    [Fact]
    public void InputsBeyondTheCodesAreClipped()
    {
        float[] y = new float[3];
        using var workers = new Workers(1);
        new TripGemm([1, 0, 0, 1, 1, 1], 3, [1, 1, 1], default, 1, new TripFormat(1, 128, [0, 2])).Run([1_000, -1_000], y, 1, workers);
        Assert.Equal([127, -512, 127 - 512], y);   // 255 - 128, and 4 (0 - 128)
    }

    [Fact]
    public void FormatsOutsideTheirRangesAreRefused()
    {
        Refused("a scale above 0, got 0", new TripFormat(0, 0, [0]));
        Refused("a zero point from 0 to 255, got 256", new TripFormat(1, 256, [0]));
        Refused("exponents from 0 to 20, got 21", new TripFormat(1, 0, [21]));
    }

    private static void Refused(string says, TripFormat format) => Assert.Contains(says, Assert.Throws<ArgumentException>(() => new TripGemm([1], 1, [1], default, 1, format)).Message);
}
