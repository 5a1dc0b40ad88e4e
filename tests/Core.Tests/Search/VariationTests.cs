using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

public class VariationTests
{
    private static Candidate With(params (string Gene, int Choice)[] set)
    {
        int[] choices = new int[Problems.Space.Genes.Count];
        foreach ((string gene, int choice) in set) choices[Problems.Space.IndexOf(gene)] = choice;
        return Problems.Space.Canonical(choices);
    }

    [Fact]
    public void CrossoverKeepsBlocksTogetherAndTakesFromBothParents()
    {
        Candidate zeros = With(("depth", 2)), threes = With([("depth", 2), .. Problems.Space.Genes.Where(g => g.Block is not null).Select(g => (g.Name, 3))]);
        var variation = new Variation(Problems.Space);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (uint i = 0; i < 100; i++)
        {
            Candidate child = variation.Cross(zeros, threes, new Chance(1, 1, i), mutate: false);
            for (int b = 0; b < 3; b++)
            {
                Assert.Equal(child[$"b{b}.h"], child[$"b{b}.r"]);
                Assert.Equal(child[$"b{b}.h"], child[$"b{b}.k"]);
            }
            seen.Add(child.Key);
        }
        Assert.Equal(8, seen.Count);   // three blocks, each from either parent
    }

    [Fact]
    public void ABlockThatOnlyOneParentHasComesFromThatParent()
    {
        Candidate shallow = With(("depth", 0)), deep = With(("depth", 2), ("b2.h", 3), ("b2.r", 2), ("b2.k", 1));
        var variation = new Variation(Problems.Space);
        int withBlock = 0;
        for (uint i = 0; i < 60; i++)
        {
            Candidate child = variation.Cross(shallow, deep, new Chance(2, 1, i), mutate: false);
            if (child["depth"] != "3") continue;
            withBlock++;
            Assert.Equal(("4", "3", "2"), (child["b2.h"], child["b2.r"], child["b2.k"]));
        }
        Assert.InRange(withBlock, 15, 45);
    }

    [Fact]
    public void GenesThatAMutationSwitchesOnAreDrawnAtRandom()
    {
        Candidate shallow = With(("depth", 0));
        var variation = new Variation(Problems.Space);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (uint i = 0; i < 2000; i++)
        {
            Candidate child = variation.MutateOne(shallow, new Chance(3, 1, i));
            if (child["depth"] == "3") seen.Add(child["b2.h"]);
        }
        Assert.Equal(4, seen.Count);
    }

    [Fact]
    public void EveryGeneMutatesAtItsOwnRateAndNeverToItself()
    {
        var space = new SearchSpace(
            Gene.Of("never", 0, 1, 2) with { Mutation = 0 }, Gene.Of("always", 0, 1, 2) with { Mutation = 1 },
            Gene.Of("fifth", 0, 1) with { Mutation = 0.2 }, Gene.Of("default", 0, 1, 2), Gene.Of("fixed", 7));
        var variation = new Variation(space);
        Candidate parent = space.Canonical([1, 1, 1, 1, 0]);
        int[] changed = new int[5];
        for (uint i = 0; i < 4000; i++)
        {
            Candidate child = variation.Mutate(parent, new Chance(4, 1, i));
            for (int g = 0; g < 5; g++) changed[g] += child.Choices[g] != parent.Choices[g] ? 1 : 0;
        }
        Assert.Equal((0, 4000, 0), (changed[0], changed[1], changed[4]));
        Assert.InRange(changed[2], 800 - 101, 800 + 101);     // 4 standard deviations of 25.3
        Assert.InRange(changed[3], 1000 - 110, 1000 + 110);   // 1 / (4 genes that vary); 27.4
    }

    [Fact]
    public void OneMutationChangesExactlyOneActiveGene()
    {
        var space = new SearchSpace([.. Enumerable.Range(0, 9).Select(g => Gene.Of($"g{g}", 0, 1, 2))]);
        var variation = new Variation(space);
        Candidate parent = space.Sample(new Chance(5, 1));
        int[] changed = new int[9];
        for (uint i = 0; i < 900; i++)
        {
            Candidate child = variation.MutateOne(parent, new Chance(5, 1, i));
            int differences = 0;
            for (int g = 0; g < 9; g++)
                if (child.Choices[g] != parent.Choices[g]) { differences++; changed[g]++; }
            Assert.Equal(1, differences);
        }
        Assert.All(changed, count => Assert.InRange(count, 60, 140));   // 100 expected, standard deviation 9.4
    }

    [Fact]
    public void ASpaceWithoutChoicesHasOneChild()
    {
        var space = new SearchSpace(Gene.Of("only", 1));
        Candidate parent = space.Canonical([0]);
        var variation = new Variation(space);
        Assert.Equal(parent, variation.MutateOne(parent, new Chance(6, 1)));
        Assert.Equal(parent, variation.Mutate(parent, new Chance(6, 1)));
        Assert.Equal(parent, variation.Cross(parent, parent, new Chance(6, 1), mutate: true));
    }
}
