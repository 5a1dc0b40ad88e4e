using Hone.Search;

namespace Hone.Core.Tests.Search;

public class NonDominatedTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void TheFastSortGivesTheSlowSortsRanksOnRandomTiedAndDegeneratePoints(int m)
    {
        for (uint seed = 0; seed < 20; seed++)
            foreach (double[] losses in ParetoPoints.Awkward(m, seed))
                Assert.Equal(NonDominated.SortSlowly(losses, m), NonDominated.Sort(losses, m));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void InfinitiesAreOrderedLikeOtherNumbers(int m)
    {
        for (uint seed = 0; seed < 20; seed++)
        {
            double[] losses = ParetoPoints.Grid(40, m, 4, seed);
            for (int i = 0; i < losses.Length; i++)
                losses[i] = losses[i] == 0 ? double.NegativeInfinity : losses[i] == 0.75 ? double.PositiveInfinity : losses[i];
            Assert.Equal(NonDominated.SortSlowly(losses, m), NonDominated.Sort(losses, m));
        }
    }

    [Fact]
    public void EqualPointsShareARankAndAChainGetsOneRankEach()
    {
        Assert.Equal([0, 0, 1, 2], NonDominated.Sort([1, 1, 1, 1, 2, 1, 2, 2], 2));
        Assert.Equal([2, 0, 1, 0], NonDominated.Sort([3, 1, 2, 1], 1));
        Assert.Equal([0, 3], NonDominated.Front([1, 5, 6, 6, 2, 5, 0, 9], 2));
    }

    [Fact]
    public void NanIsRefusedByNameOfPointAndLoss()
    {
        var error = Assert.Throws<ArgumentException>(() => NonDominated.Sort([1, 2, 3, double.NaN], 2));
        Assert.Contains("point 1: loss 1 is NaN", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => NonDominated.Sort([1, 2, 3], 2));
    }
}
