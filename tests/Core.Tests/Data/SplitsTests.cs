using Hone.Data;
using Hone.Model;

namespace Hone.Core.Tests.Data;

public class SplitsTests
{
    private static readonly ImageSet Set = Balanced(1000, 10);

    [Theory]
    [InlineData(400, 50, 150, 1ul)]
    [InlineData(700, 300, 300, 2ul)]
    [InlineData(0, 0, 10, 3ul)]
    [InlineData(333, 7, 31, 4ul)]
    public void SubsetsAreDisjointNestedAndBalanced(int train, int search, int validation, ulong seed)
    {
        Split split = Splits.Carve(Set, train, search, validation, seed);
        Assert.Equal((train, search, validation), (split.Train.Length, split.Search.Length, split.Validation.Length));
        Assert.Equal(split.Search, split.Validation[..search]);
        Assert.Equal(train + validation, split.Train.Concat(split.Validation).Distinct().Count());
        foreach (int[] subset in (int[][])[split.Train, split.Search, split.Validation])
        {
            int[] counts = [.. Enumerable.Range(0, 10).Select(label => subset.Count(i => Set.Labels[i] == label))];
            Assert.InRange(counts.Max() - counts.Min(), 0, subset.Length % 10 == 0 ? 0 : 1);
        }
    }

    [Fact]
    public void OneSeedGivesOneSplitAndAnotherSeedAnother()
    {
        Split first = Splits.Carve(Set, 100, 20, 50, 7);
        Assert.Equal(first.Train, Splits.Carve(Set, 100, 20, 50, 7).Train);
        Assert.Equal(first.Validation, Splits.Carve(Set, 100, 20, 50, 7).Validation);
        Assert.NotEqual(first.Train, Splits.Carve(Set, 100, 20, 50, 8).Train);
        Assert.NotEqual(first.Validation, Splits.Carve(Set, 100, 20, 50, 8).Validation);
    }

    // Written down from the first run: a change of the generator or of the dealing would silently change every study's data.
    [Fact]
    public void TheFirstIndicesOfSeedOneStayWhatTheyAre() => Assert.Equal(Golden, Splits.Carve(Set, 5, 5, 5, 1).Validation);

    [Fact]
    public void ValidationDoesNotChangeWithTheTrainingCountAndASmallerTrainingSetIsTheFrontOfALarger()
    {
        Split small = Splits.Carve(Set, 100, 20, 50, 7), large = Splits.Carve(Set, 900, 20, 50, 7);
        Assert.Equal(small.Validation, large.Validation);
        Assert.Equal(small.Train, large.Train[..100]);
    }

    [Fact]
    public void EveryImageCanBeUsed() => Assert.Equal(Enumerable.Range(0, 1000), Splits.Carve(Set, 800, 0, 200, 1) is var s ? s.Train.Concat(s.Validation).Order() : []);

    [Fact]
    public void AClassWithTooFewImagesIsNamedWithItsNumbers()
    {
        byte[] labels = [.. Enumerable.Repeat((byte)0, 20), .. Enumerable.Repeat((byte)1, 5)];
        var set = new ImageSet(new byte[25], labels, 1, 1, 1, 2);
        var error = Assert.Throws<HoneException>(() => Splits.Carve(set, 8, 2, 4, 1));
        Assert.Contains("class 1 has 5 training images, but the balanced split needs 4 to train and 2 to validate", error.Message);
    }

    [Theory]
    [InlineData(-1, 0, 0, "must not be negative")]
    [InlineData(10, 11, 10, "11 > 10")]
    public void CountsThatMakeNoSenseAreSpecErrors(int train, int search, int validation, string said) =>
        Assert.Contains(said, Assert.Throws<SpecException>(() => Splits.Carve(Set, train, search, validation, 1)).Message);

    private static readonly int[] Golden = [640, 781, 62, 963, 814];

    private static ImageSet Balanced(int count, int classes) => new(new byte[count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % classes))], 1, 1, 1, classes);
}
