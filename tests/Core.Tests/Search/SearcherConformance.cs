using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

/// <summary>What every searcher of the catalog must do.</summary>
public class SearcherConformance
{
    public static TheoryData<string> Searchers => [.. SearcherCatalog.Names];

    [Theory]
    [MemberData(nameof(Searchers))]
    public void EqualSeedsAndOutcomesGiveEqualAnswersAndOtherSeedsOthers(string algorithm)
    {
        string Journal(ulong seed) => Problems.Text(Problems.Loop(algorithm, 3, 80, seed).Run(a => Problems.Mixed(a.Candidate)));
        Assert.Equal(Journal(5), Journal(5));
        Assert.NotEqual(Journal(5), Journal(6));
    }

    [Theory]
    [MemberData(nameof(Searchers))]
    public void OrdinalsAreAskedAndToldOnceAndInOrder(string algorithm)
    {
        ISearcher searcher = Problems.Searcher(algorithm, Problems.Space, 1, 4, 1);
        Assert.Throws<InvalidOperationException>(() => searcher.Ask(1));
        var ((first, fidelity), (second, _)) = (searcher.Ask(0), searcher.Ask(1));
        Trial Told(int ordinal, Candidate candidate, Outcome outcome) => new(ordinal, candidate.Key, outcome, fidelity);
        Assert.Throws<InvalidOperationException>(() => searcher.Ask(1));
        Assert.Throws<InvalidOperationException>(() => searcher.Tell(Told(1, second, Problems.Values(1))));
        Assert.Throws<ArgumentException>(() => searcher.Tell(Told(0, second, Problems.Values(1))));
        Assert.Throws<ArgumentException>(() => searcher.Tell(Told(0, first, Problems.Values(1)) with { Fidelity = 7 }));
        Assert.Throws<HoneException>(() => searcher.Tell(Told(0, first, Problems.Values())));
        searcher.Tell(Told(0, first, Problems.Values(1)));
        Assert.Throws<InvalidOperationException>(() => searcher.Tell(Told(0, first, Problems.Values(1))));
        searcher.Tell(Told(1, second, new Outcome.Failed("x", "y")));
        Assert.Throws<InvalidOperationException>(() => searcher.Tell(Told(2, second, Problems.Values(1))));
        searcher.Ask(2);
    }

    [Theory]
    [MemberData(nameof(Searchers))]
    public void UntilAPopulationIsEvaluatedEveryOrdinalIsDrawnFromItsOwnChance(string algorithm)
    {
        ISearcher searcher = Problems.Searcher(algorithm, Problems.Space, 1, 8, 31);
        for (int i = 0; i < 20; i++) Assert.Equal(Problems.Space.Sample(new Chance(31, Streams.Search, (uint)i)), searcher.Ask(i).Candidate);
    }

    [Theory]
    [MemberData(nameof(Searchers))]
    public void CandidatesAreCanonicalAndNewWhileTheSpaceHasRoom(string algorithm)
    {
        SearchLoop loop = Problems.Loop(algorithm, 3, 300);
        var keys = new HashSet<(string, int?)>();
        foreach (Trial trial in loop.Run(a => Problems.Smooth(a.Candidate, 2)))
        {
            Assert.Equal(trial.Key, Problems.Space.Parse(trial.Key).Key);
            Assert.True(keys.Add((trial.Key, trial.Fidelity)));   // on a higher rung it is no repetition
        }
        Assert.Equal(0, loop.Duplicates);
    }

    [Theory]
    [MemberData(nameof(Searchers))]
    public void AnAnswerDependsOnNoOutcomeWithinTheWindow(string algorithm)
    {
        const int Window = 5, Change = 40;
        List<Trial> Journal(bool changed) =>
            [.. Problems.Loop(algorithm, Window, 120).Run(a => changed && a.Ordinal >= Change ? Problems.Values(-a.Ordinal, a.Ordinal) : Problems.Smooth(a.Candidate, 2))];
        List<Trial> plain = Journal(false), other = Journal(true);
        for (int i = 0; i <= Change + Window; i++) Assert.Equal(plain[i].Key, other[i].Key);
        bool differs = plain.Skip(Change).Zip(other.Skip(Change)).Any(pair => pair.First.Key != pair.Second.Key);
        Assert.Equal(algorithm != "random", differs);   // outcomes past the window do matter, but to random search
    }

    [Theory]
    [MemberData(nameof(Searchers))]
    public void ItGoesOnWhenNothingIsEverEvaluated(string algorithm)
    {
        SearchLoop rejected = Problems.Loop(algorithm, 4, 20), failed = Problems.Loop(algorithm, 4, 20);
        foreach (Trial _ in rejected.Run(_ => new Outcome.Rejected(new Rejection("dsp", "too many")))) { }
        foreach (Trial _ in failed.Run(_ => new Outcome.Failed("code", "message"))) { }
        Assert.Equal((StopReason.Infeasible, StopReason.Exhausted), (rejected.Stop, failed.Stop));
    }

    [Theory]
    [MemberData(nameof(Searchers))]
    public void TinySpacesAreEvaluatedWholeAndThenRepeat(string algorithm)
    {
        foreach (int size in (int[])[1, 2, 3])
        {
            SearchLoop loop = Problems.Loop(algorithm, 2, 20, space: Problems.Tiny(size), m: 1);
            var evaluated = loop.Run(a => Problems.Values(a.Candidate.Choices[0])).Where(t => t.Outcome is Outcome.Evaluated).ToList();
            Assert.Equal((size, StopReason.Exhausted), (evaluated.Select(t => t.Key).Distinct().Count(), loop.Stop));
            Assert.Equal(evaluated.Count, evaluated.DistinctBy(t => (t.Key, t.Fidelity)).Count());
        }
    }

    [Theory]
    [MemberData(nameof(Searchers))]
    public void OneTwoAndThreeObjectivesWork(string algorithm)
    {
        for (int m = 1; m <= 3; m++)
        {
            SearchLoop loop = Problems.Loop(algorithm, 3, 100, m: m);
            ValueList<FrontMember> front = FrontSelection.Members(loop.Run(a => Problems.Smooth(a.Candidate, m)), Problems.Objectives(m));
            Assert.Equal((100, StopReason.Budget), (loop.Evaluated, loop.Stop));
            Assert.InRange(front.Count, 1, m == 1 ? 1 : 100);
        }
    }

    [Theory]
    [MemberData(nameof(Searchers))]
    public void WarmStartsAreAskedFirstAndNotRepeated(string algorithm)
    {
        ValueList<string> keys = [Problems.Space.Sample(new Chance(8, 1)).Key, Problems.Space.Sample(new Chance(9, 1)).Key];
        ISearcher searcher = Problems.Searcher(algorithm, Problems.Space, 2, 4, 1, keys);
        var loop = new SearchLoop(searcher, Problems.Objectives(2), 2, 50);
        List<Trial> journal = [.. loop.Run(a => Problems.Smooth(a.Candidate, 2))];
        Assert.Equal(keys, journal.Take(2).Select(t => t.Key).ToValueList());
        Assert.Equal(0, loop.Duplicates);
        Assert.Throws<SpecException>(() => Problems.Searcher(algorithm, Problems.Space, 2, 4, 1, ["depth=9"]));
    }

    [Fact]
    public void AnUnknownAlgorithmIsToldTheNearestName()
    {
        var error = Assert.Throws<SpecException>(() => Problems.Searcher("NSGA-2", Problems.Space, 1, 4, 1));
        Assert.Contains("did you mean 'nsga2'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'random'", Assert.Throws<SpecException>(() => Problems.Searcher("ramdon", Problems.Space, 1, 4, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<SpecException>(() => Problems.Searcher("nsga2", Problems.Space, 0, 4, 1));
        Assert.Throws<SpecException>(() => Problems.Searcher("nsga2", Problems.Space, 1, 1, 1));
    }
}
