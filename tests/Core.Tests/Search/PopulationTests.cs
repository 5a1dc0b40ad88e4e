using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

public class PopulationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EnvironmentalSelectionKeepsWholeFrontsThenTheLeastCrowded(int m)
    {
        for (uint seed = 0; seed < 20; seed++)
        {
            double[] losses = ParetoPoints.Grid(40, m, 7, seed);
            int[] ranks = NonDominated.SortSlowly(losses, m);
            HashSet<int> kept = [.. Ranked(losses, m).Best(20).Select(member => member.Candidate.Choices[0])];
            Assert.Equal(20, kept.Count);
            int last = kept.Max(i => ranks[i]);
            int[] front = [.. Enumerable.Range(0, 40).Where(i => ranks[i] == last)];
            Assert.All(Enumerable.Range(0, 40).Where(i => ranks[i] < last), i => Assert.Contains(i, kept));
            double[] crowding = Crowding.Distance([.. front.SelectMany(i => losses[(i * m)..((i + 1) * m)])], m);
            double worstKept = front.Select((i, at) => kept.Contains(i) ? crowding[at] : double.PositiveInfinity).Min();
            Assert.All(front.Select((i, at) => (i, at)).Where(x => !kept.Contains(x.i)), x => Assert.True(crowding[x.at] <= worstKept));
        }
    }

    [Fact]
    public void WithOneObjectiveTheBetterMemberHasTheSmallerLoss()
    {
        double[] losses = ParetoPoints.Uniform(15, 1, 1);
        RankedPopulation population = Ranked(losses, 1);
        for (int a = 0; a < 15; a++)
            for (int b = 0; b < 15; b++) Assert.Equal(losses[a] <= losses[b] ? a : b, population.Better(a, b));
    }

    [Fact]
    public void RejectedAndFailedTrialsNeverBecomeParentsOfNsga2()
    {
        // The marked gene never mutates, so a child is marked only if a parent was: after the random phase none may be.
        var space = new SearchSpace([Gene.Of("mark", 0, 1, 2) with { Mutation = 0 }, .. Enumerable.Range(0, 10).Select(g => Gene.Of($"g{g}", 0, 1, 2, 3))]);
        SearchLoop loop = Problems.Loop("nsga2", 0, 100, space: space);
        List<Trial> journal = [.. loop.Run(a => a.Candidate["mark"] switch
        {
            "0" => Problems.Values(Problems.Hash(a.Candidate.Key, 1), Problems.Hash(a.Candidate.Key, 2)),
            "1" => new Outcome.Rejected(new Rejection("mark", "marked")),
            _ => new Outcome.Failed("mark", "marked"),
        })];
        int seen = 0, random = journal.FindIndex(t => t.Outcome is Outcome.Evaluated && ++seen == 8);
        Assert.Contains(journal.Take(random), t => t.Outcome is Outcome.Rejected);
        Assert.All(journal.Skip(random + 1), t => Assert.IsType<Outcome.Evaluated>(t.Outcome));
    }

    [Fact]
    public void InRegularizedEvolutionTheOldDieHoweverGood()
    {
        // One trial is by far the best: it has children while it lives, and none once six younger ones are told.
        const int Population = 6, Best = 5;
        var space = new SearchSpace([.. Enumerable.Range(0, 20).Select(g => Gene.Of($"g{g}", 0, 1, 2, 3))]);
        List<Trial> journal = [.. Problems.Loop("evolution", 0, 60, space: space, m: 1, population: Population)
            .Run(a => Problems.Values(a.Ordinal == Best ? -1 : Problems.Hash(a.Candidate.Key, 3)))];
        for (int i = Population; i < journal.Count; i++)
            Assert.Contains(Enumerable.Range(i - Population, Population), parent => Distance(space, journal[parent].Key, journal[i].Key) == 1);
        Assert.Contains(Enumerable.Range(Best + 1, Population), i => Distance(space, journal[Best].Key, journal[i].Key) == 1);
        Assert.DoesNotContain(Enumerable.Range(Best + 1 + Population, 40), i => Distance(space, journal[Best].Key, journal[i].Key) == 1);
    }

    private static int Distance(SearchSpace space, string a, string b)
    {
        ReadOnlySpan<int> left = space.Parse(a).Choices, right = space.Parse(b).Choices;
        int distance = 0;
        for (int g = 0; g < left.Length; g++) distance += left[g] == right[g] ? 0 : 1;
        return distance;
    }

    /// <summary>Members whose only gene is their number.</summary>
    private static RankedPopulation Ranked(double[] losses, int m)
    {
        SearchSpace space = Problems.Tiny(losses.Length / m);
        return new RankedPopulation([.. Enumerable.Range(0, losses.Length / m).Select(i => (space.Canonical([i]), losses[(i * m)..((i + 1) * m)]))], m);
    }
}
