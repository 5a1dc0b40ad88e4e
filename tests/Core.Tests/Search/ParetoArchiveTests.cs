using Hone.Search;

namespace Hone.Core.Tests.Search;

public class ParetoArchiveTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void ItHoldsTheFrontOfAllPointsSoFarAndTheFirstOfEqualOnes(int m)
    {
        for (uint seed = 0; seed < 10; seed++)
            foreach (double[] losses in ParetoPoints.Awkward(m, seed))
            {
                var archive = new ParetoArchive(m);
                for (int i = 0; i < losses.Length / m; i++) archive.Add(losses.AsSpan(i * m, m), i);
                int[] front = NonDominated.Front(losses, m);
                IEnumerable<int> first = front.Where(i => !front.Any(j => j < i && losses.AsSpan(i * m, m).SequenceEqual(losses.AsSpan(j * m, m))));
                (int[] tags, double[] kept) = archive.Members();
                Assert.Equal(first, tags.Order());
                for (int r = 0; r < tags.Length; r++) Assert.Equal(losses[(tags[r] * m)..((tags[r] + 1) * m)], kept[(r * m)..((r + 1) * m)]);
            }
    }

    [Fact]
    public void AddSaysWhetherTheFrontChanged()
    {
        var archive = new ParetoArchive(2);
        Assert.True(archive.Add([2, 2], 0));
        Assert.False(archive.Add([2, 2], 1));
        Assert.False(archive.Add([3, 2], 2));
        Assert.True(archive.Add([1, 1], 3));
        Assert.Equal([3], archive.Members().Tags);
    }
}
