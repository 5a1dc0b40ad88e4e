using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu;

/// <summary>The product of 8-bit codes: sums exact with every kernel that this machine runs, whatever the codes.</summary>
public class ByteGemmTests
{
    public static IEnumerable<TheoryDataRow<int>> Kernels => Enumerable.Range(0, TileKernel.Byte.Count).Select(i => new TheoryDataRow<int>(i));

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryKernelSumsExactlyAndWritesNothingElse(int index) =>
        CodeProducts.AreExact((w, n, k, scales, bias, capacity) => new ByteGemm(w, n, k, scales, bias, capacity, TileKernel.Byte[index]), -128, 127, 1, 3, 4, 31, 32, 33, 257, 2_049);

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
