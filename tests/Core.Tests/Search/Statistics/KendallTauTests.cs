using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search.Statistics;

public class KendallTauTests
{
    [Fact]
    public void TheSameOrderIsOneTheReverseMinusOneAndOneSwapOfFourTwoThirds()
    {
        Assert.Equal(1, KendallTau.Of([1, 2, 3, 4], [10, 20, 30, 40])!.Value, 12);
        Assert.Equal(-1, KendallTau.Of([1, 2, 3, 4], [4, 3, 2, 1])!.Value, 12);
        Assert.Equal(4 / 6.0, KendallTau.Of([1, 2, 3, 4], [1, 3, 2, 4])!.Value, 12);   // 5 pairs one way, 1 the other
    }

    /// <summary>Kendall's formula by hand: 4 of 6 pairs differ in x, 5 in y; 4 run the same way.</summary>
    [Fact]
    public void TiesAreTakenOutOfTheDenominatorOfTheirOwnSide()
        => Assert.Equal(4 / Math.Sqrt(4 * 5), KendallTau.Of([1, 1, 2, 2], [1, 2, 3, 3])!.Value, 12);

    [Fact]
    public void EqualTiesOnBothSidesAreAFullAgreement() => Assert.Equal(1, KendallTau.Of([1, 1, 2], [5, 5, 7])!.Value, 12);

    [Fact]
    public void WithoutAnyOrderThereIsNone()
    {
        Assert.Null(KendallTau.Of([], []));
        Assert.Null(KendallTau.Of([1], [2]));
        Assert.Null(KendallTau.Of([3, 3, 3], [1, 2, 3]));
        Assert.Null(KendallTau.Of([1, 2, 3], [3, 3, 3]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(31)]
    public void ItIsTheCorrelationOfTheSignsOfAllPairs(int n)
    {
        var chance = new Chance(5, Streams.Sampling);
        double[] x = [.. Enumerable.Range(0, n).Select(_ => (double)chance.Next(6))], y = [.. Enumerable.Range(0, n).Select(i => x[i] + chance.Next(4))];
        (x[0], y[0], x[1], y[1]) = (-1, -1, 9, 20);   // never constant
        double xy = 0, xx = 0, yy = 0;   // over ordered pairs: the general coefficient of Kendall (1948)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
            {
                int a = Math.Sign(x[i] - x[j]), b = Math.Sign(y[i] - y[j]);
                (xy, xx, yy) = (xy + a * b, xx + a * a, yy + b * b);
            }
        Assert.Equal(xy / Math.Sqrt(xx * yy), KendallTau.Of(x, y)!.Value, 12);
        Assert.Equal(KendallTau.Of(x, y), KendallTau.Of(y, x));
    }

    [Fact]
    public void LengthsThatDifferAndNaNAreRefused()
    {
        Assert.Contains("2 and 1", Assert.Throws<ArgumentException>(() => KendallTau.Of([1, 2], [1])).Message);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => KendallTau.Of([1, double.NaN], [1, 2])).Message);
    }
}
