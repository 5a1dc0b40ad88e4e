using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

public class CandidateSetTests
{
    [Fact]
    public void ItKnowsExactlyTheKeysThatWereAddedAndWhoBroughtThem()
    {
        // Widths 1, 2, 3, 5, 9, 17 need 0, 1, 2, 3, 4, 5 bits: 30 genes fill several words, and values lie across their borders.
        var genes = new List<Gene>();
        for (int g = 0; g < 30; g++)
            genes.Add(new Gene($"g{g}", Enumerable.Range(0, ((int[])[1, 2, 3, 5, 9, 17])[g % 6]).Select(i => $"{i}").ToValueList()));
        var space = new SearchSpace([.. genes]);
        var set = new CandidateSet(space);
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var chance = new Chance(3, Streams.Sampling);
        Candidate? last = null;
        for (int i = 0; i < 4000; i++)
        {
            int[] choices = (last ?? space.Sample(chance)).Choices.ToArray();
            int gene = chance.Next(30);
            choices[gene] = chance.Next(space.Genes[gene].Choices.Count);
            last = chance.Happens(0.02) ? null : space.Canonical(choices);
            if (last is null) continue;
            bool isNew = known.TryAdd(last.Key, i);
            Assert.Equal(isNew, set.TryAdd(last, i, out int first));
            Assert.Equal(known[last.Key], first);
        }
        Assert.Equal(known.Count, set.Count);
        Assert.InRange(known.Count, 1000, 3999);
    }
}
