using System.Text.Json.Nodes;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Studies;
using Hone.Studies.Analysis;

namespace Hone.Core.Tests.Studies.Analysis;

public class RetargetingTests
{
    private static readonly IStudy Study = MadeTrials.Study;

    private static DeviceSpec Device(string name, string options = "{}") => new(name, null, (JsonObject)JsonNode.Parse(options)!);

    private static Retargeting Filled(DeviceSpec device, IStudy? study = null, params Constraint[] limits)
    {
        var retargeting = new Retargeting(study ?? Study, device, limits.ToValueList(), DeviceCatalog.Open);
        foreach (Trial trial in MadeTrials.Of()) retargeting.Add(trial);
        return retargeting;
    }

    private static IEnumerable<(string Key, double Accuracy, double Ms)> Priced(FpgaDevice device, double most = 0.3, double least = 0) =>
        MadeTrials.Of().Where(t => t.Outcome is Outcome.Evaluated).Select(t => (t.Key, t.Value("accuracy")!.Value, MadeTrials.Price(device, t.Key))).Where(t => t.Item3 <= most && t.Item2 >= least);

    private static string[] Keys(Front front) => [.. front.Members.Select(m => m.Key).Order(StringComparer.Ordinal)];

    [Fact]
    public void ARetargetedFrontIsThatOfTheNewDevicesPricesAndTheOldAccuracies()
    {
        Front front = Filled(Device("zcu102")).Front();
        string[] expected = MadeTrials.Front(Priced(MadeTrials.Board(BoardCatalog.Zcu102)));
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Keys(front));
        Assert.All(front.Members, m => Assert.Equal("zcu102", m.Measurements.Single(x => x.Metric == "latency_ms").Device));
    }

    [Theory]
    [InlineData("""{"engine":"3x32x16-w4a6"}""", "3x32x16-w4a6")]
    [InlineData("""{"engine":"one"}""", null)]
    public void ARetargetTakesTheDevicesOptionsAndAllMembersOneEngine(string options, string? engine)
    {
        Front front = Filled(Device("zcu102", options)).Front();
        string device = Assert.Single(front.Members.Select(m => m.Measurements.Single(x => x.Metric == "latency_ms").Device!).Distinct());
        Assert.StartsWith("zcu102/", device);
        string used = device["zcu102/".Length..];
        if (engine is not null) Assert.Equal(engine, used);
        FpgaDevice board = MadeTrials.Board(BoardCatalog.Zcu102, used), free = MadeTrials.Board(BoardCatalog.Zcu102);
        Assert.Equal(MadeTrials.Front(Priced(board)), Keys(front));
        Assert.All(front.Members, m => Assert.Equal(MadeTrials.Price(board, m.Key), m.Value("latency_ms")));
        Assert.Contains(front.Members, m => m.Value("latency_ms") > MadeTrials.Price(free, m.Key));   // one engine is not every member's fastest
    }

    [Fact]
    public void ARetargetedFrontIsOfTheStudysFidelityWhateverTheNewDeviceRejects()
    {
        FpgaDevice board = MadeTrials.Board(BoardCatalog.Zcu102);
        (string Key, double Ms)[] some = [.. Enumerable.Range(0, 6).Select(MadeTrials.Key).Distinct().Select(k => (k, MadeTrials.Price(board, k))).OrderBy(p => p.Item2)];
        Retargeting Of(double most)
        {
            var retargeting = new Retargeting(Study, Device("zcu102"), [new Constraint("latency_ms", Side.AtMost, most)], DeviceCatalog.Open);
            for (int i = 0; i < some.Length; i++) retargeting.Add(MadeTrials.Evaluated(i, some[i].Key, 80 + i, 0.1) with { Fidelity = 0 });
            retargeting.Add(MadeTrials.Evaluated(some.Length, some[^1].Key, 60, 0.1) with { Fidelity = 1 });   // the slowest, trained through
            return retargeting;
        }
        Front front = Of(some[^1].Ms).Front();
        Assert.Equal((1, some.Length), (front.Fidelity, Assert.Single(front.Members).Ordinal));
        Assert.Contains("keeps latency_ms", Assert.Throws<HoneException>(() => Of((some[0].Ms + some[^1].Ms) / 2).Front()).Message);
    }

    [Fact]
    public void ALimitOfTheCallerTakesThePlaceOfTheStudysAndOneThatNothingKeepsIsAnErrorWithAnExample()
    {
        Retargeting narrow = Filled(Device("zcu102-eighth"), null, new Constraint("latency_ms", Side.AtMost, 1e-4));
        string message = Assert.Throws<HoneException>(() => narrow.Front()).Message;
        Assert.Contains("latency_ms <= 0.0001", message);
        Assert.Contains("trial 0", message);
        Assert.All(narrow.Trials, t => Assert.IsType<Outcome.Rejected>(t.Outcome));
    }

    [Fact]
    public void ALimitOnWhatTheStudyMeasuresItselfIsKeptTheStudysOwnOrTheCallers()
    {
        string[] expected = MadeTrials.Front(Priced(MadeTrials.Board(BoardCatalog.Zcu102), least: 86));
        Assert.NotEqual(MadeTrials.Front(Priced(MadeTrials.Board(BoardCatalog.Zcu102))), expected);
        Assert.Equal(expected, Keys(Filled(Device("zcu102"), null, new Constraint("accuracy", Side.AtLeast, 86)).Front()));
        IStudy own = MadeTrials.Open(constraints: """[{"metric":"latency_ms","at_most":0.3},{"metric":"accuracy","at_least":86}]""");
        Assert.Equal(expected, Keys(Filled(Device("zcu102"), own).Front()));
        string message = Assert.Throws<HoneException>(() => Filled(Device("zcu102"), null, new Constraint("accuracy", Side.AtLeast, 99)).Front()).Message;
        Assert.Contains("accuracy >= 99", message);
        Assert.Contains("for example trial 0", message);
    }

    [Fact]
    public void ALimitOnAMisspeltMetricNamesTheNearest()
    {
        Assert.Contains("did you mean 'latency_ms'", Assert.Throws<SpecException>(() => Filled(Device("kv260"), null, new Constraint("latency", Side.AtMost, 1))).Message);
        Assert.Contains("did you mean 'accuracy'", Assert.Throws<SpecException>(() => Filled(Device("kv260"), null, new Constraint("acuracy", Side.AtLeast, 1))).Message);
    }

    [Fact]
    public void TrialsRejectedBeforeTheirAccuracyWasMeasuredAreCounted()
    {
        Retargeting retargeting = Filled(Device("kv260"));
        Assert.Equal(10, retargeting.Unmeasured);
        Assert.Contains("not measured", ((Outcome.Rejected)retargeting.Trials[3].Outcome).Why.Reason);
    }

    [Fact]
    public void ItsCostsAreThoseOfTheNewDevice()
    {
        Retargeting retargeting = Filled(Device("zcu102", """{"engine":"one"}"""));
        Front front = retargeting.Front();
        DeviceCosts costs = Assert.Single(retargeting.Costs(front).Devices);
        Assert.Equal("zcu102", costs.Device);
        Assert.Equal(front.Members.Select(m => (m.Ordinal, m.Value("latency_ms"))), costs.Members.Select(m => (m.Ordinal, m.Total)));
    }

    [Fact]
    public void AStudyWithoutTrialsSaysSo() =>
        Assert.Contains("none yet", Assert.Throws<HoneException>(() => new Retargeting(Study, Device("kv260"), [], DeviceCatalog.Open).Front()).Message);

    [Fact]
    public void ADeviceThatCannotPriceAnOperationIsRefusedWithTheOperationsName()
    {
        var study = new Unpriceable(new Workload("w", Mode.Infer, 1, [Recurrent]));
        string message = Assert.Throws<HoneException>(() => new Retargeting(study, Device("zcu102"), [], DeviceCatalog.Open).Add(MadeTrials.Of(1)[0])).Message;
        Assert.Contains("gru-1", message);
    }

    /// <summary>One engine is chosen over the space, so what stands in its way is a wrong request.</summary>
    [Fact]
    public void OneEngineForWhatNoEngineRunsIsAWrongRequestThatNamesTheOperation()
    {
        var study = new Unpriceable(new Workload("w", Mode.Infer, 1, [Recurrent]));
        string message = Assert.Throws<SpecException>(() => new Retargeting(study, Device("zcu102", """{"engine":"one"}"""), [], DeviceCatalog.Open)).Message;
        Assert.Contains("devices.zcu102.engine", message);
        Assert.Contains("gru-1", message);
    }

    [Fact]
    public void CandidatesThatRunNothingLeaveNothingToRetarget() =>
        Assert.Contains("nothing to retarget", Assert.Throws<HoneException>(() => new Retargeting(new Unpriceable(new Workload("w", Mode.Infer, 1, [])), Device("zcu102"), [], DeviceCatalog.Open)).Message);

    [Fact]
    public void AnUnknownDeviceNamesTheNearest() =>
        Assert.Contains("zcu102", Assert.Throws<SpecException>(() => new Retargeting(Study, Device("zcu103"), [], DeviceCatalog.Open)).Message);

    private static Op Recurrent => new Op.Recurrent("gru-1", "layer 1", 1, Place.Any, Cell.Gru, Weights.Uniform("x", 8, 8, NumberFormat.Int(8)), Weights.Uniform("h", 8, 8, NumberFormat.Int(8)),
        Extent.Fixed("steps", 4), NumberFormat.Int(8), NumberFormat.Int(8));

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
