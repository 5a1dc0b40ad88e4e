using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Studies;
using Hone.Studies.Analysis;

namespace Hone.Core.Tests.Studies.Analysis;

public class ExplainingTests
{
    private static readonly IStudy Study = MadeTrials.Study;

    private static (string Key, double Accuracy, double Ms) Point(Trial t) => (t.Key, t.Value("accuracy")!.Value, t.Value("latency_ms")!.Value);

    [Fact]
    public void EveryTrialStandsWhereComparingAllWithAllPutsIt()
    {
        List<Trial> trials = MadeTrials.Of();
        Trial[] feasible = [.. trials.Where(t => t.Outcome is Outcome.Evaluated && t.Value("latency_ms") <= 0.3)];
        string[] front = MadeTrials.Front(feasible.Select(Point));
        var seen = new Dictionary<string, int>();
        foreach (Trial trial in trials)
        {
            Explanation e = Explaining.Of(Study, trials, $"{trial.Ordinal}", DeviceCatalog.Open);
            Quote quote = Assert.Single(e.Priced).Quote;
            Assert.Equal(quote.Value("latency_ms")!.Value, quote.Ops.Sum(o => o.Value), 1e-9);
            Assert.Equal(trial.Outcome is Outcome.Rejected ? "rejected" : !feasible.Contains(trial) ? "infeasible" : front.Contains(trial.Key) ? "on-front" : "dominated", e.Standing);
            int better = e.Standing == "dominated" ? feasible.Count(f => front.Contains(f.Key) && MadeTrials.Better(Point(f), Point(trial))) : 0;
            Assert.Equal((better, Math.Min(better, 5)), (e.DominatedBy, e.Dominators.Count));
            seen[e.Standing] = seen.GetValueOrDefault(e.Standing) + 1;
        }
        Assert.True(seen.Count == 4 && seen["dominated"] > 2, string.Join(", ", seen));   // the sample holds all four
    }

    [Fact]
    public void AllDominatorsAreCountedAndTheFirstFiveListed()
    {
        List<Trial> trials = [.. Enumerable.Range(0, 8).Select(i => MadeTrials.Evaluated(i, MadeTrials.Key(i), 90 - i, 0.2 - 0.02 * i)), MadeTrials.Evaluated(8, MadeTrials.Key(8), 50, 0.25)];
        Explanation e = Explaining.Of(Study, trials, "8", DeviceCatalog.Open);
        Assert.Equal(("dominated", 8, 5), (e.Standing, e.DominatedBy, e.Dominators.Count));
    }

    [Fact]
    public void ATrialWithTheSameValuesIsNotBetterAndTheFirstOfThemStandsOnTheFront()
    {
        List<Trial> trials = [MadeTrials.Evaluated(0, MadeTrials.Key(0), 85, 0.2), MadeTrials.Evaluated(1, MadeTrials.Key(1), 85, 0.2)];
        Assert.Equal("on-front", Explaining.Of(Study, trials, "0", DeviceCatalog.Open).Standing);
        Explanation second = Explaining.Of(Study, trials, "1", DeviceCatalog.Open);
        Assert.Equal(("equalled", 0), (second.Standing, second.DominatedBy));
        Assert.Contains("trial 0", second.Reason);
    }

    [Fact]
    public void ATrialThatWasTrainedLessThanTheFrontStandsOnALowerRungWhateverItsValuesAre()
    {
        IStudy study = MadeTrials.Open(constraints: """[{"metric":"accuracy","at_least":85}]""");
        List<Trial> trials =
        [
            MadeTrials.Evaluated(0, MadeTrials.Key(0), 70, 0.2) with { Fidelity = 0 }, MadeTrials.Evaluated(1, MadeTrials.Key(1), 95, 0.1) with { Fidelity = 0 },
            MadeTrials.Evaluated(2, MadeTrials.Key(0), 86, 0.2) with { Fidelity = 1 }, MadeTrials.Evaluated(3, MadeTrials.Key(2), 84, 0.2) with { Fidelity = 1 },
        ];
        Assert.Equal(["lower-rung", "lower-rung", "on-front", "infeasible"], trials.Select(t => Explaining.Of(study, trials, $"{t.Ordinal}", DeviceCatalog.Open).Standing));
        Assert.Contains("evaluated on rung 0, the front is drawn from rung 1", Explaining.Of(study, trials, "1", DeviceCatalog.Open).Reason);
        Assert.Equal(2, Explaining.Of(study, trials, MadeTrials.Key(0), DeviceCatalog.Open).Trial!.Ordinal);   // asked by its key: what is known best
    }

    [Fact]
    public void AMemberThatBreaksALimitDominatesNobody()
    {
        IStudy study = MadeTrials.Open(constraints: """[{"metric":"accuracy","at_least":85},{"metric":"latency_ms","at_least":0.1}]""");
        List<Trial> trials = [MadeTrials.Evaluated(0, MadeTrials.Key(0), 90, 0.05), MadeTrials.Evaluated(1, MadeTrials.Key(1), 86, 0.2), MadeTrials.Evaluated(2, MadeTrials.Key(2), 80, 0.2)];
        Assert.Equal(["infeasible", "on-front", "infeasible"], trials.Select(t => Explaining.Of(study, trials, $"{t.Ordinal}", DeviceCatalog.Open).Standing));
        Assert.Contains("accuracy 80 %, allowed at least 85", Explaining.Of(study, trials, "2", DeviceCatalog.Open).Reason);
    }

    [Theory]
    [InlineData(0.95, true)]
    [InlineData(0.80, false)]
    public void ADominatorThatIsFasterByLessThanTheResolutionIsTied(double ratio, bool tied)
    {
        List<Trial> trials = [MadeTrials.Evaluated(0, MadeTrials.Key(0), 85, 0.2 * ratio), MadeTrials.Evaluated(1, MadeTrials.Key(1), 85, 0.2)];
        Dominator better = Assert.Single(Explaining.Of(Study, trials, "1", DeviceCatalog.Open).Dominators);
        Lead lead = Assert.Single(better.Leads);
        Assert.Equal(("latency_ms", tied, tied), (lead.Metric, lead.Tied, better.Tied));
        Assert.Equal(100 * (1 - ratio), lead.Percent, 1e-9);
        Assert.Equal(ModelResolution.Of("zcu102-eighth")!.Percent, lead.Resolution);
    }

    [Fact]
    public void ADominatorThatIsMoreAccurateIsNeverTied()
    {
        List<Trial> trials = [MadeTrials.Evaluated(0, MadeTrials.Key(0), 85.01, 0.199), MadeTrials.Evaluated(1, MadeTrials.Key(1), 85, 0.2)];
        Dominator better = Assert.Single(Explaining.Of(Study, trials, "1", DeviceCatalog.Open).Dominators);
        Assert.Equal([false, true], better.Leads.Select(l => l.Tied));
        Assert.False(better.Tied);
    }

    [Fact]
    public void ADuplicateSaysWhoseItIsAndAFailedTrialsRetryIsTheOneThatCounts()
    {
        List<Trial> trials =
        [
            new(0, MadeTrials.Key(0), new Outcome.Failed("oom", "no memory")), MadeTrials.Evaluated(1, MadeTrials.Key(0), 85, 0.2) with { RetryOf = 0 },
            new(2, MadeTrials.Key(0), new Outcome.Duplicate(1)),
        ];
        Explanation duplicate = Explaining.Of(Study, trials, "2", DeviceCatalog.Open);
        Assert.Equal((2, 1, "on-front"), (duplicate.DuplicateAt, duplicate.Trial!.Ordinal, duplicate.Standing));
        Assert.Equal(("failed", null), (Explaining.Of(Study, trials, "0", DeviceCatalog.Open).Standing, Explaining.Of(Study, trials, "0", DeviceCatalog.Open).DuplicateAt));
        Assert.Equal(1, Explaining.Of(Study, trials, MadeTrials.Key(0), DeviceCatalog.Open).Trial!.Ordinal);
    }

    [Fact]
    public void ACandidateNeverAskedForIsPricedAndItsBrokenLimitNamed()
    {
        string largest = string.Join(",", Study.Space.Canonical([.. Study.Space.Genes.Select(g => g.Choices.Count - 1)]).Active().Select(g => $"{g.Name}={g.Value}"));
        Explanation e = Explaining.Of(Study, MadeTrials.Of(), largest, DeviceCatalog.Open);
        Assert.Equal("not-asked", e.Standing);
        Assert.Contains("latency_ms", e.Reason);
        Assert.Contains("0.3", e.Reason);
    }

    [Theory]
    [InlineData("40", "below 40")]
    [InlineData("E=65", "expected one of")]
    [InlineData("nonsense", "name=value")]
    public void WhatIsNoTrialAndNoCandidateIsAWrongRequest(string asked, string named) =>
        Assert.Contains(named, Assert.Throws<SpecException>(() => Explaining.Of(Study, MadeTrials.Of(), asked, DeviceCatalog.Open)).Message);
}
