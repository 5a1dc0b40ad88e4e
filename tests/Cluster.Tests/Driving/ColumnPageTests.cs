using Hone.Contracts;
using Hone.Model;

namespace Hone.Cluster.Tests.Driving;

public class ColumnPageTests
{
    private static Measurement Of(string metric, double value, string unit = "1") => new(metric, value, unit, Origin.Simulated);

    [Fact]
    public void PagesJoinToTheTrialsWhateverTheirNumber()
    {
        Trial[] trials = [.. Enumerable.Range(0, ColumnPage.Most * 2 + 5).Select(i => new Trial(i, $"k{i}", i % 3 == 0 ? new Outcome.Rejected(new Rejection("dsp", "no")) : new Outcome.Evaluated([Of("f1", i)])))];
        List<byte> outcomes = [];
        List<double> values = [];
        for (ColumnPage page; (page = ColumnPage.Of(trials, outcomes.Count)).Outcomes.Length > 0;)
        {
            Assert.Equal(outcomes.Count, page.From);
            Assert.InRange(page.Outcomes.Length, 1, ColumnPage.Most);
            outcomes.AddRange(page.Outcomes);
            values.AddRange(Assert.Single(page.Metrics).Values);
        }
        Assert.Equal(trials.Select((_, i) => (byte)(i % 3 == 0 ? OutcomeCode.Rejected : OutcomeCode.Evaluated)), outcomes);
        Assert.Equal(trials.Select((_, i) => i % 3 == 0 ? double.NaN : i), values);
        Assert.Empty(ColumnPage.Of(trials, int.MaxValue).Outcomes);
    }

    [Fact]
    public void RungsAreThereWhereAnyTrialHasOne()
    {
        Trial[] trials = [new(0, "a", new Outcome.Duplicate(0)), new(1, "b", new Outcome.Evaluated([Of("f1", 1)]), 2), new(2, "c", new Outcome.Failed("c", "m"), 0)];
        Assert.Equal([ColumnPage.NoFidelity, 2, 0], ColumnPage.Of(trials, 0).Fidelities!);
        Assert.Null(ColumnPage.Of(trials[..1], 0).Fidelities);
    }

    [Fact]
    public void TheFirstMeasurementOfAMetricCountsAndTheFirstUnitNamesIt()
    {
        ColumnPage page = ColumnPage.Of(
        [
            new Trial(0, "a", new Outcome.Failed("c", "m")), new Trial(1, "b", new Outcome.Evaluated([Of("t", 2, "ms"), Of("t", 3, "s"), Of("u", 4)])),
            new Trial(2, "c", new Outcome.Duplicate(1)), new Trial(3, "d", new Outcome.Evaluated([Of("v", 5), Of("t", 6, "s")])),
        ], 0);
        Assert.Equal([(byte)OutcomeCode.Failed, (byte)OutcomeCode.Evaluated, (byte)OutcomeCode.Duplicate, (byte)OutcomeCode.Evaluated], page.Outcomes);
        Assert.Equal(["t", "u", "v"], page.Metrics.Select(m => m.Metric));
        Assert.Equal("ms", page.Metrics[0].Unit);
        Assert.Equal([double.NaN, 2, double.NaN, 6], page.Metrics[0].Values);
        Assert.Equal([double.NaN, double.NaN, double.NaN, 5], page.Metrics[2].Values);
    }
}
