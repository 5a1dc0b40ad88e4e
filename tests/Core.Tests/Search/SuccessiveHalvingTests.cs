using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

public class SuccessiveHalvingTests
{
    private static readonly Rungs Three = new(3, 3);

    private static SearchLoop Loop(Rungs rungs, int window, int budget, ulong seed = 1, int m = 2, int population = 8) =>
        new(new SuccessiveHalving(Problems.Space, Problems.Objectives(m), rungs, population, seed), Problems.Objectives(m), window, budget);

    /// <summary>Worse the less it was trained, by chance of its own.</summary>
    private static Outcome Trained(Asked asked, Rungs rungs, int m = 2)
    {
        if (Problems.Mixed(asked.Candidate, m) is not Outcome.Evaluated { Measurements: var full }) return Problems.Mixed(asked.Candidate, m);
        double lack = 1 - rungs.Share(asked.Fidelity!.Value);
        return Problems.Values([.. full.Select((v, k) => v.Value + (k == 1 ? -1 : 1) * 3 * lack * Problems.Hash(asked.Candidate.Key, 20 + (uint)k))]);
    }

    /// <summary>ASHA's get_job by its definition, from the outcomes that an ordinal may see.</summary>
    private static (string Key, int Rung)? Promoted(IReadOnlyList<Trial> told, IReadOnlyList<Trial> asked, Rungs rungs, ValueList<Objective> objectives)
    {
        for (int k = rungs.Highest - 1; k >= 0; k--)
        {
            Trial[] rung = [.. told.Where(t => t.Fidelity == k && t.Outcome is Outcome.Evaluated)];
            if (asked.Count(t => t.Fidelity == k + 1) >= rung.Length / rungs.Eta) continue;
            double[] losses = [.. rung.SelectMany(t => Losses.Of(t, objectives))];   // (n, m)
            int m = objectives.Count;
            int[] ranks = NonDominated.SortSlowly(losses, m);
            double[] crowding = new double[rung.Length];
            foreach (var front in Enumerable.Range(0, rung.Length).GroupBy(i => ranks[i]))
                foreach (var (i, distance) in front.Zip(Crowding.Distance([.. front.SelectMany(i => losses[(i * m)..((i + 1) * m)])], m))) crowding[i] = distance;
            var top = Enumerable.Range(0, rung.Length).OrderBy(i => ranks[i]).ThenByDescending(i => crowding[i]).ThenBy(i => rung[i].Ordinal).Take(rung.Length / rungs.Eta);
            foreach (int i in top)
                if (!asked.Any(t => t.Key == rung[i].Key && t.Fidelity == k + 1)) return (rung[i].Key, k + 1);
        }
        return null;
    }

    [Theory]
    [InlineData(3, 3, 0, 1)]
    [InlineData(3, 3, 4, 2)]
    [InlineData(2, 2, 7, 2)]
    [InlineData(4, 2, 3, 3)]
    public void EveryOrdinalPromotesWhatThePapersRuleSaysAndDrawsANewCandidateOtherwise(int count, int eta, int window, int m)
    {
        var rungs = new Rungs(count, eta);
        List<Trial> journal = [.. Loop(rungs, window, 150, m: m).Run(a => Trained(a, rungs, m))];
        for (int i = 0; i < journal.Count; i++)
        {
            Trial trial = journal[i];
            var expected = Promoted(journal[..Math.Max(0, i - window)], journal[..i], rungs, Problems.Objectives(m));
            if (expected is { } promoted) Assert.Equal(promoted, (trial.Key, trial.Fidelity!.Value));
            else Assert.Equal((0, false), (trial.Fidelity, journal[..i].Any(t => t.Key == trial.Key)));
        }
        Assert.Contains(journal, t => t.Fidelity == rungs.Highest);
    }

    [Fact]
    public void OnlyWhatWasEvaluatedIsPromotedAndOnce()
    {
        List<Trial> journal = [.. Loop(Three, 3, 200).Run(a => a.Fidelity == 1 && Problems.Hash(a.Candidate.Key, 30) < 0.3 ? new Outcome.Failed("diverged", "loss is NaN") : Trained(a, Three))];
        foreach (Trial trial in journal.Where(t => t.Fidelity > 0))
            Assert.IsType<Outcome.Evaluated>(Assert.Single(journal, t => t.Key == trial.Key && t.Fidelity == trial.Fidelity - 1 && t.Ordinal < trial.Ordinal).Outcome);
        Assert.Contains(journal, t => t.Fidelity == 1 && t.Outcome is Outcome.Failed);
        Assert.Equal(journal.Count, journal.DistinctBy(t => (t.Key, t.Fidelity)).Count());
    }

    [Fact]
    public void ARungHoldsOneInEtaOfTheOneBelow()
    {
        List<Trial> journal = [.. Loop(Three, 4, 600).Run(a => Trained(a, Three))];
        int[] counts = [.. Enumerable.Range(0, 3).Select(k => journal.Count(t => t.Fidelity == k && t.Outcome is Outcome.Evaluated))];
        Assert.InRange(counts[1], counts[0] / 3 - 2, counts[0] / 3);   // the last ones are not told yet
        Assert.InRange(counts[2], counts[1] / 3 - 2, counts[1] / 3);
        Assert.InRange(counts[2], Three.Highests(600) - 2, Three.Highests(600) + 2);
    }

    [Fact]
    public void NewCandidatesDescendFromTheHighestRungThatHoldsAPopulation()
    {
        // A gene that never mutates marks families: on rung 1 only family 0 was told, a population of it, so children have no other.
        var space = new SearchSpace([Gene.Of("family", 0, 1, 2) with { Mutation = 0 }, .. Enumerable.Range(0, 10).Select(g => Gene.Of($"g{g}", 0, 1, 2, 3))]);
        var loop = new SearchLoop(new SuccessiveHalving(space, Problems.Objectives(1), new Rungs(2, 2), 4, 3), Problems.Objectives(1), 0, 120);
        List<Trial> journal = [.. loop.Run(a => Problems.Values(a.Candidate.Number("family") + Problems.Hash(a.Candidate.Key, 4) / 2))];
        int full = journal.Where(t => t.Fidelity == 1).ElementAt(3).Ordinal;
        Assert.All(journal.Where(t => t.Ordinal > full && t.Fidelity == 0), t => Assert.Equal("0", space.Parse(t.Key)["family"]));
        Assert.Contains(journal[..full], t => space.Parse(t.Key)["family"] != "0");
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(9, 3)]
    [InlineData(3, 1)]
    [InlineData(3, 11)]
    public void RungsOutOfRangeAreSpecErrors(int count, int eta) => Assert.Throws<SpecException>(() => Loop(new Rungs(count, eta), 1, 5));

    [Fact]
    public void SearchersWithoutRungsAskForNoFidelity()
    {
        foreach (string algorithm in SearcherCatalog.Names.Where(n => n != SearchSpec.Halving))
            Assert.All(Problems.Loop(algorithm, 2, 40).Run(a => Problems.Mixed(a.Candidate)), t => Assert.Null(t.Fidelity));
    }

    [Fact]
    public void AJournalOfOtherRungsIsRefused()
    {
        List<Trial> journal = [.. Loop(Three, 0, 60).Run(a => Trained(a, Three))];
        int promoted = journal.FindIndex(t => t.Fidelity == 1);
        SearchLoop other = Loop(Three, 0, 60);
        foreach (Trial trial in journal.Take(promoted)) other.Replay(trial);
        Assert.Contains("this spec asks fidelity 1, the journal has fidelity 0", Assert.Throws<HoneException>(() => other.Replay(journal[promoted] with { Fidelity = 0 })).Message, StringComparison.Ordinal);
        SearchLoop none = Problems.Loop("random", 0, 60);
        Assert.Contains("no fidelity", Assert.Throws<HoneException>(() => none.Replay(journal[0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ForAsMuchTrainingItsFrontCoversMoreThanThatOfRandomCandidatesTrainedThrough()
    {
        const int Seeds = 12, Trainings = 60;
        var gains = new List<double>();
        for (ulong seed = 0; seed < Seeds; seed++) gains.Add(HalvingBudget.Volume(SearchSpec.Halving, seed, Trainings) - HalvingBudget.Volume("random", seed, Trainings));
        double mean = gains.Average(), error = Math.Sqrt(gains.Sum(g => (g - mean) * (g - mean)) / (Seeds - 1) / Seeds);
        Assert.True(mean - 2.2 * error > 0, $"mean gain {mean:g4}, standard error {error:g3}");   // 2.2: the 97.5 % point of Student's t, 11 degrees
    }
}
