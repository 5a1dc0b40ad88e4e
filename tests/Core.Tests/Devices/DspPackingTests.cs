using Hone.Devices.Fpga;

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
}
