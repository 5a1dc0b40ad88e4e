using Hone.Data;
using Hone.Model;

namespace Hone.Core.Tests.Data;

/// <summary>The real thing: found on this machine or fetched from what it offers; skipped where neither is possible.</summary>
public class FashionMnistTests
{
    [Fact]
    public async Task TheRealDataSetIsWholeAndBalanced()
    {
        var locator = new DataLocator(Surroundings.OfThisMachine());
        try
        {
            await locator.EnsureAsync("fashion-mnist", null);
        }
        catch (HoneException e) when (e.Message.Contains("cannot be fetched", StringComparison.Ordinal))
        {
            Assert.Skip(e.Message);
        }
        ImageData data = locator.Load("fashion-mnist", null);
        ImageSet train = data.LoadTrain(), test = data.LoadTest();
        Assert.Equal((60_000, 10_000, 28, 28), (train.Count, test.Count, train.Height, train.Width));
        Assert.All(Enumerable.Range(0, 10), label => Assert.Equal((6_000, 1_000), (train.Labels.Count(l => l == label), test.Labels.Count(l => l == label))));
        Assert.Equal("Ankle boot", data.ClassNames[train.Labels[0]]); // the first image of the published set

        Split split = Splits.Carve(train, 20_000, 1_000, 3_000, 1);
        Assert.Equal(23_000, split.Train.Concat(split.Validation).Distinct().Count());
    }
}
