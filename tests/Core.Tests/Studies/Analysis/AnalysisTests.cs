using System.Text.Json.Nodes;
using Hone.Model;
using Hone.Studies;
using Hone.Studies.Analysis;

namespace Hone.Core.Tests.Studies.Analysis;

public class AnalysisTests
{
    private static readonly IStudy Study = StudyCatalog.Open(StudySpec.Parse((JsonObject)JsonNode.Parse(
        """{"study":"made","method":"quasar-vit","data":{"name":"fashion-mnist"},"devices":["zcu102-eighth"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}],"constraints":[{"metric":"latency_ms","at_most":0.3}]}""")!));

    /// <summary>Random candidates with made-up accuracies; every fourth one was rejected.</summary>
    private static List<Trial> Trials(int count = 40)
    {
        IDevice device = DeviceCatalog.Open(Study.Spec.Devices[0]);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            Candidate candidate = Study.Space.Sample(new Chance(7, Streams.Sampling, (uint)i));
            double ms = device.Price(Schedule.Once(Study.Lower(candidate))).Value("latency_ms")!.Value;
            Outcome outcome = i % 4 == 3 ? new Outcome.Rejected(new Rejection("latency_ms", "too slow"))
                : new Outcome.Evaluated([new Measurement("accuracy", 80 + new Chance(8, Streams.Sampling, (uint)i).Next(1000) / 100.0, "%", Origin.Trained), new Measurement("latency_ms", ms, "ms", Origin.Modelled, null, "zcu102-eighth")]);
            return new Trial(i, candidate.Key, outcome);
        })];
    }

    [Fact]
    public void ARetargetedFrontIsThatOfTheNewDevicesPricesAndTheOldAccuracies()
    {
        List<Trial> trials = Trials();
        var retargeting = new Retargeting(Study, new DeviceSpec("zcu102", null, []), []);
        foreach (Trial trial in trials) retargeting.Add(trial);
        Front front = retargeting.Front();
        IDevice board = DeviceCatalog.Open(new DeviceSpec("zcu102", null, []));
        (string Key, double Accuracy, double Ms)[] priced = [.. trials.Where(t => t.Outcome is Outcome.Evaluated)
            .Select(t => (t.Key, t.Value("accuracy")!.Value, board.Price(Schedule.Once(Study.Lower(Study.Space.Parse(t.Key)))).Value("latency_ms")!.Value))
            .Where(t => t.Item3 <= 0.3)];
        string[] expected = [.. priced.Where(p => !priced.Any(q => q.Accuracy >= p.Accuracy && q.Ms <= p.Ms && (q.Accuracy > p.Accuracy || q.Ms < p.Ms))).Select(p => p.Key).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, front.Members.Select(m => m.Key).Order(StringComparer.Ordinal));
        Assert.All(front.Members, m => Assert.Equal("zcu102", m.Measurements.Single(x => x.Metric == "latency_ms").Device));
    }

    [Fact]
    public void ALimitOfTheCallerTakesThePlaceOfTheStudysAndOneThatNothingKeepsIsAnErrorWithAnExample()
    {
        var narrow = new Retargeting(Study, new DeviceSpec("zcu102-eighth", null, []), [new Constraint("latency_ms", Side.AtMost, 1e-4)]);
        foreach (Trial trial in Trials()) narrow.Add(trial);
        string message = Assert.Throws<HoneException>(() => narrow.Front()).Message;
        Assert.Contains("latency_ms <= 0.0001", message);
        Assert.Contains("trial 0", message);
        Assert.All(narrow.Trials, t => Assert.IsType<Outcome.Rejected>(t.Outcome));
    }

    [Fact]
    public void AStudyWithoutTrialsSaysSo() =>
        Assert.Contains("none yet", Assert.Throws<HoneException>(() => new Retargeting(Study, new DeviceSpec("kv260", null, []), []).Front()).Message);

    [Theory]
    [InlineData("""{"engine":"one"}""")]
    [InlineData("""{"engine":"3x32x16-w4a6"}""")]
    public void ARetargetTakesTheDevicesOptionsAndAllMembersOneEngine(string options)
    {
        var retargeting = new Retargeting(Study, new DeviceSpec("zcu102", null, (JsonObject)JsonNode.Parse(options)!), []);
        foreach (Trial trial in Trials()) retargeting.Add(trial);
        Assert.Single(retargeting.Front().Members.Select(m => m.Measurements.Single(x => x.Metric == "latency_ms").Device).Distinct());
    }

    [Fact]
    public void ADeviceThatCannotPriceAnOperationIsRefusedWithTheOperationsName()
    {
        var recurrent = new Op.Recurrent("gru-1", "layer 1", 1, Place.Any, Cell.Gru, Weights.Uniform("x", 8, 8, NumberFormat.Int(8)), Weights.Uniform("h", 8, 8, NumberFormat.Int(8)), Extent.Fixed("steps", 4), NumberFormat.Int(8), NumberFormat.Int(8));
        var study = new Unpriceable(new Workload("w", Mode.Infer, 1, [recurrent]));
        string message = Assert.Throws<HoneException>(() => new Retargeting(study, new DeviceSpec("zcu102", null, []), []).Add(Trials(1)[0])).Message;
        Assert.Contains("gru-1", message);
    }

    [Fact]
    public void AnUnknownDeviceNamesTheNearest() =>
        Assert.Contains("zcu102", Assert.Throws<SpecException>(() => new Retargeting(Study, new DeviceSpec("zcu103", null, []), [])).Message);

    [Fact]
    public void AnExplanationsCostsAddUpAndItsDominatorsAreBetterInEverything()
    {
        List<Trial> trials = Trials();
        int dominated = 0;
        foreach (Trial trial in trials)
        {
            Explanation e = Explaining.Of(Study, trials, $"{trial.Ordinal}");
            Quote quote = Assert.Single(e.Priced).Quote;
            Assert.Equal(quote.Value("latency_ms")!.Value, quote.Ops.Sum(o => o.Value), 1e-9);
            Assert.Equal(trial.Outcome is Outcome.Rejected ? "rejected" : e.Dominators.Count > 0 ? "dominated" : "on-front", e.Standing);
            foreach (FrontMember better in e.Dominators)
                Assert.True(better.Value("accuracy") >= trial.Value("accuracy") && better.Value("latency_ms") <= trial.Value("latency_ms"));
            dominated += e.Dominators.Count > 0 ? 1 : 0;
        }
        Assert.InRange(dominated, 1, 29);
    }

    [Fact]
    public void ACandidateNeverAskedForIsPricedAndItsBrokenLimitNamed()
    {
        string largest = string.Join(",", Study.Space.Canonical([.. Study.Space.Genes.Select(g => g.Choices.Count - 1)]).Active().Select(g => $"{g.Name}={g.Value}"));
        Explanation e = Explaining.Of(Study, Trials(), largest);
        Assert.Equal("not-asked", e.Standing);
        Assert.Contains("latency_ms", e.Reason);
        Assert.Contains("0.3", e.Reason);
    }

    [Theory]
    [InlineData("40", "below 40")]
    [InlineData("E=65", "expected one of")]
    [InlineData("nonsense", "name=value")]
    public void WhatIsNoTrialAndNoCandidateIsRefused(string asked, string named) =>
        Assert.Contains(named, Assert.Throws<HoneException>(() => Explaining.Of(Study, Trials(), asked)).Message);

    private sealed class Unpriceable(Workload workload) : IStudy
    {
        public StudySpec Spec => Study.Spec;

        public SearchSpace Space => Study.Space;

        public string Shared => "";

        public int SearchImages => 1;

        public Workload Lower(Candidate candidate) => workload;

        public IStudyWork Work(WorkPlace place) => throw new NotSupportedException();
    }
}
