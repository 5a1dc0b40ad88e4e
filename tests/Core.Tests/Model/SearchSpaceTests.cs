using Hone.Model;

namespace Hone.Core.Tests.Model;

public class SearchSpaceTests
{
    private static readonly SearchSpace Space = new(
        Gene.Of("depth", 1, 2, 3), Gene.Of("a", 1, 2), Gene.Of("b", 1, 2, 3) with { When = new Activation("depth", 1) }, Gene.Of("c", 5, 6) with { When = new Activation("depth", 2) });

    [Fact]
    public void InactiveGenesStandAtTheirFirstChoiceAndOutsideTheKey()
    {
        Candidate candidate = Space.Canonical([0, 1, 2, 1]);
        Assert.Equal("depth=1,a=2", candidate.Key);
        Assert.Equal([0, 1, 0, 0], candidate.Choices.ToArray());
        Assert.Equal(candidate, Space.Canonical([0, 1, 1, 0]));
    }

    [Fact]
    public void TheSizeCountsCanonicalCandidatesOnce()
    {
        var keys = new HashSet<string>();
        for (int i = 0; i < 36; i++) keys.Add(Space.Canonical([i % 3, i / 3 % 2, i / 6 % 3, i / 18]).Key);
        Assert.Equal(keys.Count, (int)Space.Size);
    }

    [Fact]
    public void EveryKeyParsesBackAndOthersAreRefused()
    {
        var chance = new Chance(1, 1);
        for (int i = 0; i < 100; i++)
        {
            Candidate candidate = Space.Sample(chance);
            Assert.Equal(candidate, Space.Parse(candidate.Key));
        }
        foreach (string wrong in new[] { "depth=9,a=1", "a=1", "depth=1,a=1,b=2", "depth", "x=1", "a=1,depth=1" })
            Assert.Throws<FormatException>(() => Space.Parse(wrong));
    }

    [Fact]
    public void AConditionOnALaterGeneOrATwinNameIsRefused()
    {
        Assert.Throws<ArgumentException>(() => new SearchSpace(Gene.Of("b", 1) with { When = new Activation("a", 0) }, Gene.Of("a", 1)));
        Assert.Throws<ArgumentException>(() => new SearchSpace(Gene.Of("a", 1), Gene.Of("a", 2)));
        Assert.Throws<ArgumentException>(() => new SearchSpace(new Gene("a", [])));
        Assert.Throws<ArgumentException>(() => Space.IndexOf("z"));
    }

    [Fact]
    public void ListsAndBlobNamesCompareByValue()
    {
        ValueList<int> one = [1, 2, 3], other = [1, 2, 3];
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, [1, 2]);
        Assert.Equal(default, (ValueList<int>)[]);
        Assert.Equal(BlobId.Of([1, 2]), new BlobId(BlobId.Of([1, 2]).Hex));
        Assert.Throws<FormatException>(() => new BlobId("ABC"));
    }

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("same", "same", 0)]
    public void TheEditDistanceIsLevenshteins(string a, string b, int distance) => Assert.Equal(distance, Nearest.Distance(a, b));
}
