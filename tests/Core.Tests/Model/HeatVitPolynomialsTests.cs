using Hone.Model;

namespace Hone.Core.Tests.Model;

public class HeatVitPolynomialsTests
{
    private static IEnumerable<double> Grid(double from, double to, int steps) => Enumerable.Range(0, steps + 1).Select(i => from + ((to - from) * i / steps));

    [Fact]
    public void UndampedGeluIsWithinTheStatedErrorAndSteeperThanOne()
    {
        Assert.InRange(Grid(-8, 8, 160_000).Max(x => Math.Abs(Polynomials.Gelu(x, 1) - VisionReference.Gelu(x))), 0.018, 0.0182);
        Assert.InRange(Grid(-8, 8, 160_000).Max(x => Polynomials.GeluSlope(x, 1)), 1.15, 1.151);
    }

    [Fact]
    public void DampedGeluNeverRisesAsFastAsItsInput()
    {
        Assert.InRange(Grid(-8, 8, 160_000).Max(x => Math.Abs(Polynomials.GeluSlope(x, Polynomials.Damped))), 0.8, 0.8255);   // 0.825, to three digits
        Assert.Equal(3.75, Polynomials.Gelu(5, 0.5), 1e-12);
        Assert.Equal(-1.25, Polynomials.Gelu(-5, 0.5), 1e-12);
    }

    [Theory]
    [InlineData(-4, 4)]
    [InlineData(1, 2)]   // where it is steepest
    public void DampingShrinksRoundingNoiseWhichTheUndampedOneLetsGrow(double from, double to)
    {
        const double step = 1 / 16.0;
        double[] x = [.. Grid(from, to, 9_973)], rounded = [.. x.Select(v => Math.Round(v / step) * step)];
        Assert.True(Ratio(Polynomials.Damped) < 0.83, $"{Ratio(Polynomials.Damped)}");
        if (from == 1) Assert.True(Ratio(1) > 1.1, $"{Ratio(1)}");

        double Ratio(double delta) => Math.Sqrt(x.Zip(rounded, (a, b) => Math.Pow(Polynomials.Gelu(b, delta) - Polynomials.Gelu(a, delta), 2)).Sum() / x.Zip(rounded, (a, b) => (b - a) * (b - a)).Sum());
    }

    [Fact]
    public void SlopesAreThoseOfTheFunctions()
    {
        foreach (double x in Grid(-4, 4, 999).Where(x => Math.Abs(x) > 1e-3))
        {
            Assert.Equal((Polynomials.Gelu(x + 1e-6, 0.5) - Polynomials.Gelu(x - 1e-6, 0.5)) / 2e-6, Polynomials.GeluSlope(x, 0.5), 1e-5);
            Assert.Equal((Polynomials.Sigmoid(x + 1e-9) - Polynomials.Sigmoid(x - 1e-9)) / 2e-9, Polynomials.SigmoidSlope(x), 1e-5);
        }
        foreach (double y in Grid(-5.01, -0.01, 77)) Assert.Equal((Polynomials.Exp(y + 1e-7) - Polynomials.Exp(y - 1e-7)) / 2e-7, Polynomials.ExpSlope(y), 1e-5);
    }

    [Fact]
    public void ExpAndSigmoidAreWithinTheStatedErrors()
    {
        Assert.InRange(Grid(-12, 0, 120_000).Max(y => Math.Abs(Polynomials.Exp(y) - Math.Exp(y))), 0.002, 0.00215);   // 0.0021 to two digits
        Assert.InRange(Grid(-12, 0, 120_000).Max(y => Math.Abs(Polynomials.Exp(y) / Math.Exp(y) - 1)), 0.003, 0.0031);
        Assert.InRange(Grid(-9, 9, 180_000).Max(x => Math.Abs(Polynomials.Sigmoid(x) - (1 / (1 + Math.Exp(-x))))), 0.0188, 0.01895);   // 0.0189 to three digits
    }

    [Fact]
    public void DampingTheSelectorsSoftmaxWouldPutEveryTokenBelowOneHalf()
    {
        Assert.Equal(1, Polynomials.Softmax([3, 1], 1).Sum(), 1e-12);
        Assert.All(Polynomials.Softmax([30, 0], 0.5), share => Assert.True(share <= 0.5));
    }

    [Fact]
    public void OneUnitGoesToOneUnitAndMinusOneUnitToNothing()
    {
        Assert.Equal(1, FixedPoint.Gelu(1));
        Assert.Equal(0, FixedPoint.Gelu(-1));
        Assert.Equal(0, FixedPoint.Gelu(0));
    }

    [Theory]
    [InlineData(FixedPoint.One, 1.0)]
    [InlineData(FixedPoint.Damped, 0.5)]
    public void TheIntegerGeluIsTheRealOneWithinTwoUnits(int delta, double real)
    {
        for (int x = FixedPoint.Lowest; x <= FixedPoint.Highest; x += 997)
        {
            double expected = Polynomials.Gelu(x / 65536.0, real) * 65536;
            Assert.Equal(expected, FixedPoint.Gelu(x, delta), Math.Max(4, Math.Abs(x) * 2.0 / 65536));   // the constants' own rounding grows with x
        }
    }

    [Fact]
    public void TheIntegerExpAndSigmoidAreTheRealOnesWithinThreeUnits()
    {
        for (int y = 0; y > -20 * FixedPoint.One; y -= 331) Assert.Equal(Polynomials.Exp(y / 65536.0) * 65536, FixedPoint.Exp(y), 8.0);   // z ln 2 in 16 places
        for (int x = -6 * FixedPoint.One; x < 6 * FixedPoint.One; x += 331) Assert.Equal(Polynomials.Sigmoid(x / 65536.0) * 65536, FixedPoint.Sigmoid(x), 1.0);
    }

    [Theory]
    [InlineData(5, 1, 3)]      // 2.5
    [InlineData(-5, 1, -3)]
    [InlineData(4, 1, 2)]
    [InlineData(-6, 2, -2)]    // -1.5
    [InlineData(5, 2, 1)]
    [InlineData(3, -2, 12)]
    [InlineData(1L << 40, 63, 0)]
    public void HalfIsRoundedAwayFromZero(long v, int shift, long expected) => Assert.Equal(expected, FixedPoint.Round(v, shift));

    [Theory]
    [InlineData(7, 2, 4)]
    [InlineData(-7, 2, -4)]
    [InlineData(7, 3, 2)]
    [InlineData(-8, 3, -3)]
    public void QuotientsAreRoundedLikewise(long a, long b, long expected) => Assert.Equal(expected, FixedPoint.Divide(a, b));

    [Fact]
    public void WhatIsTooLargeSaturatesAndNeverWraps()
    {
        Assert.Equal(FixedPoint.Highest, FixedPoint.Saturate(long.MaxValue));
        Assert.Equal(FixedPoint.Lowest, FixedPoint.Saturate(-1L << 30));
        Assert.Equal(-128, FixedPoint.Code(-129));
        Assert.Equal(127, FixedPoint.Of(1e9f, 4, -128, 127));
        Assert.Equal(-2, FixedPoint.Of(-1.5f, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(65)]
    public void SharesOfASoftmaxAddUpToItsLevels(int count)
    {
        var chance = new Chance(4, Streams.Sampling);
        int[] y = [.. Enumerable.Range(0, count).Select(_ => chance.Next(6 * FixedPoint.One) - (3 * FixedPoint.One))], shares = new int[count];
        FixedPoint.Softmax(y, shares, FixedPoint.One, FixedPoint.One);
        Assert.InRange(shares.Sum(), FixedPoint.One - count, FixedPoint.One + count);
        double[] real = Polynomials.Softmax([.. y.Select(v => v / 65536.0)], 1);
        for (int i = 0; i < count; i++) Assert.Equal(real[i], shares[i] / 65536.0, 1e-4);
        FixedPoint.Softmax(y, shares, 256, 255);
        Assert.All(shares, s => Assert.InRange(s, 0, 255));
    }
}
