using Hone.Devices.Tables;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Tables;

public class BoostedTreesTests
{
    [Fact]
    public void AStepIsLearnedWhereItIs()
    {
        double[][] x = [.. Enumerable.Range(0, 60).Select(i => (double[])[i % 7, i])];
        BoostedTrees trees = BoostedTrees.Fit(x, [.. x.Select(r => r[1] < 30 ? -1.0 : 1)]);
        Assert.All(x, r => Assert.Equal(r[1] < 30 ? -1.0 : 1, trees.Of(r), 1e-3));
    }

    [Fact]
    public void AnInteractionOfTwoFeaturesIsLearned()
    {
        var chance = new Chance(2, Streams.Sampling);
        double[][] x = [.. Enumerable.Range(0, 200).Select(_ => (double[])[chance.NextDouble(), chance.NextDouble()])];
        BoostedTrees trees = BoostedTrees.Fit(x, [.. x.Select(r => r[0] > 0.3 && r[1] > 0.6 ? 1.0 : 0)]);
        Assert.True(x.Average(r => Math.Abs(trees.Of(r) - (r[0] > 0.3 && r[1] > 0.6 ? 1 : 0))) < 0.05);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(3), InlineData(7)]
    public void FewerRowsThanASplitNeedsGiveTheirMean(int rows)
    {
        double[][] x = [.. Enumerable.Range(0, rows).Select(i => (double[])[i])];
        double expected = rows == 0 ? 0 : 2 * (1 - Math.Pow(0.9, 100));   // a tenth of what is left, a hundred times
        Assert.Equal(expected, BoostedTrees.Fit(x, [.. x.Select(_ => 2.0)]).Of([5]), 1e-9);
    }

    [Fact]
    public void TheSameRowsGiveTheSameTrees()
    {
        var chance = new Chance(4, Streams.Sampling);
        double[][] x = [.. Enumerable.Range(0, 50).Select(_ => (double[])[chance.Next(3), chance.Next(3)])];
        double[] y = [.. x.Select(_ => chance.NextGaussian())];
        BoostedTrees a = BoostedTrees.Fit(x, y), b = BoostedTrees.Fit(x, y);
        Assert.All(x, r => Assert.Equal(a.Of(r), b.Of(r)));
    }
}
