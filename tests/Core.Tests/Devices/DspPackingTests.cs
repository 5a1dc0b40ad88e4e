using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class DspPackingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FourProductsOf4BitWeightsAreExactInAll1048576Cases(bool signed)
    {
        int low = signed ? -32 : 0, wrong = 0, cases = 0;
        for (int a1 = low; a1 < low + 64; a1++)
            for (int a2 = low; a2 < low + 64; a2++)
                for (int w1 = -8; w1 < 8; w1++)
                    for (int w2 = -8; w2 < 8; w2++, cases++)
                        if (DspPacking.Four(a1, a2, w1, w2, signed, signedLow: true) != (a1 * w1, a1 * w2, a2 * w1, a2 * w2)) wrong++;
        Assert.Equal((1_048_576, 0), (cases, wrong));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An8BitWeightInTwoNibblesIsExactInAll1048576Cases(bool signed)
    {
        int low = signed ? -32 : 0, wrong = 0, cases = 0;
        for (int a1 = low; a1 < low + 64; a1++)
            for (int a2 = low; a2 < low + 64; a2++)
                for (int w = -128; w < 128; w++, cases++)
                    if (DspPacking.Hybrid(a1, a2, w, signed) != (a1 * w, a2 * w)) wrong++;
        Assert.Equal((1_048_576, 0), (cases, wrong));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public void ThreeWeightsOnOneActivationAreExactInAllCases(int spacing)
    {
        int wrong = 0;
        for (int a = -32; a < 32; a++)
            for (int w = 0; w < 4096; w++)
            {
                int w1 = (w & 15) - 8, w2 = ((w >> 4) & 15) - 8, w3 = (w >> 8) - 8;
                if (DspPacking.Three(a, w1, w2, w3, spacing) != (a * w1, a * w2, a * w3)) wrong++;
            }
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void TwoProductsOf8BitsAreExactOnEveryPairOfWeightsAndTheExtremeActivations()
    {
        int wrong = 0;
        foreach (int a in (int[])[-128, -127, -77, -1, 0, 1, 64, 127])
            for (int b = -128; b < 128; b++)
                for (int c = -128; c < 128; c++)
                    if (DspPacking.Two(a, b, c) != (a * b, a * c)) wrong++;
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void SpacingElevenWouldOverflowThePortOfTheFourfoldPacking()
    {
        long a27 = 63 + (63L << 22), seen = DspPacking.Multiply(a27, 1);
        Assert.NotEqual(a27, seen);
        Assert.Equal(63 + (63L << 20), DspPacking.Multiply(63 + (63L << 20), 1));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 3, 7)]
    [InlineData(7, 8, 15)]
    [InlineData(17, 33, 3)]
    [InlineData(48, 64, 50)]
    public void TheIntegerProductThroughTheSlicesEqualsThePlainOne(int m, int k, int f)
    {
        foreach (bool signed in (bool[])[true, false])
        {
            var chance = new Chance(11, Streams.Sampling, (uint)(m + k + f));
            byte[] bits = new byte[m];                 // (M)
            sbyte[] weights = new sbyte[m * k];        // (M, K)
            sbyte[] activations = new sbyte[k * f];    // (K, F)
            int[] sums = new int[m * f], plain = new int[m * f]; // (M, F)
            for (int row = 0; row < m; row++) bits[row] = chance.Happens(0.5) ? (byte)4 : (byte)8;
            for (int i = 0; i < weights.Length; i++) weights[i] = (sbyte)(bits[i / k] == 4 ? chance.Next(16) - 8 : chance.Next(256) - 128);
            for (int i = 0; i < activations.Length; i++) activations[i] = (sbyte)(chance.Next(64) - (signed ? 32 : 0));
            for (int row = 0; row < m; row++)
                for (int col = 0; col < f; col++)
                    for (int i = 0; i < k; i++) plain[row * f + col] += weights[row * k + i] * activations[i * f + col];
            PackedGemm.Run(weights, bits, k, activations, f, signed, sums);
            Assert.Equal(plain, sums);
        }
    }

    [Fact]
    public void CodesOutsideTheirRangeAreRefused()
    {
        Assert.Throws<ArgumentException>(() => PackedGemm.Run([8], [4], 1, [1], 1, true, new int[1]));
        Assert.Throws<ArgumentException>(() => PackedGemm.Run([7], [4], 1, [32], 1, true, new int[1]));
        Assert.Throws<ArgumentException>(() => PackedGemm.Run([7], [5], 1, [1], 1, true, new int[1]));
    }
}
