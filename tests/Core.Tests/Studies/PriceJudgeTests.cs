using System.Text.Json.Nodes;
using Hone.Devices.Tables;
using Hone.Model;
using Hone.Studies;

namespace Hone.Core.Tests.Studies;

public class PriceJudgeTests
{
    private const string Free = """{"name":"zcu102-eighth","memory_bound":false}""";

    private static (Rejection? Why, double Ms) Judge(string constraint, string device = "\"zcu102-eighth\"")
    {
        IStudy study = StudyCatalog.Open(StudySpec.Parse((JsonObject)JsonNode.Parse(
            $$"""{"study":"s","method":"quasar-vit","data":{"name":"fashion-mnist"},"devices":[{{device}}],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}],"constraints":[{{constraint}}]}""")!));
        Workload largest = study.Lower(study.Space.Canonical(study.Space.Genes.Select(g => g.Choices.Count - 1).ToArray()));
        Quote quote = DeviceCatalog.Open(study.Spec.Devices[0]).Price(Schedule.Once(largest));
        return (new PriceJudge(study.Spec).Rejects(largest, [quote]), quote.Value("latency_ms") ?? double.NaN);
    }

    [Fact]
    public void ARejectionByLatencyNamesTheEngineAndTheCapThatStopsIt()
    {
        double best = Judge("""{"metric":"latency_ms","at_most":9}""", Free).Ms;
        Rejection why = Judge($$"""{"metric":"latency_ms","at_most":{{best * 0.95}}}""", Free).Why!;
        Assert.Equal("latency_ms", why.Constraint);
        Assert.Matches(@"^latency_ms 0\.\d+ ms on zcu102-eighth, allowed at most 0\.\d+: [\d.]+ us needs \S+-w4a6: (DSP|LUT|FF|BRAM18) \d+ %; the best that fits, \S+, takes [\d.]+ us$", why.Reason);
    }

    [Fact]
    public void ALatencyThatNoEngineReachesIsSaidToBeSo()
        => Assert.Contains("no engine of this board meets 5 us: the fastest, ", Judge("""{"metric":"latency_ms","at_most":0.005}""", Free).Why!.Reason);

    [Fact]
    public void WithTheMemoryBoundOfAStudyTheReasonIsTheTraffic()
        => Assert.Matches(@"^latency_ms 0\.\d+ ms on zcu102-eighth, allowed at most 0\.3: 300 us is beyond every engine, memory: [\d.]+ us of traffic at 1\.92 GB/s on \S+, which moves least; the best that fits, \S+, takes [\d.]+ us$",
            Judge("""{"metric":"latency_ms","at_most":0.3}""").Why!.Reason);

    [Fact]
    public void ALimitOnImagesPerSecondIsExplainedAlike()
        => Assert.Matches(@"^fps \d+ 1/s on zcu102-eighth, allowed at least 2500: 2500 FPS \(400 us\) (needs \S+: (DSP|LUT|FF|BRAM18) \d+ %|fails on memory: .*|is beyond .*); the best that fits, \S+, takes [\d.]+ us$",
            Judge("""{"metric":"fps","at_least":2500}""").Why!.Reason);

    [Theory]
    [InlineData(2_000, false)]
    [InlineData(2_001, true)]
    public void ALimitOnImagesPerSecondBindsOnADeviceThatNodesMeasure(double least, bool binds)
    {
        StudySpec spec = StudySpec.Parse((JsonObject)JsonNode.Parse($$"""
            {"study":"s","method":"quasar-vit","data":{"name":"fashion-mnist"},"devices":[{"name":"pi","kind":"attached"}],"objectives":[{"metric":"accuracy"}],"constraints":[{"metric":"fps","at_least":{{least}}}]}
            """)!);
        var net = new Workload("w", Mode.Infer, 1, [new Op.Elementwise("n", "b", 1, Place.Any, Function.Relu, Extent.Fixed("rows", 4), 8, NumberFormat.F32, NumberFormat.F32, Approximation.Exact)]);
        var device = new TableDevice(CostTable.Empty("pi").With([CostEntry.Of(net.Ops[0], net, new Reading(0.5, 0.01, 9, "made"))]));
        Rejection? why = new PriceJudge(spec).Rejects(net, [device.Price(Schedule.Once(net))]);
        Assert.Equal(binds ? "fps 2000 1/s on pi, allowed at least 2001" : null, why?.Reason);
    }

    [Fact]
    public void TheOptionsOfTheDeviceHoldForTheReasonToo()
    {
        Rejection why = Judge("""{"metric":"latency_ms","at_most":0.4}""", """{"name":"zcu102-eighth","engine":"1x8x4-w4a6"}""").Why!;
        Assert.Contains("the one engine of this device, 1x8x4-w4a6, takes", why.Reason);
    }

    [Fact]
    public void ALimitOnAResourcePicksTheFastestEngineThatKeepsItInsteadOfRejecting()
    {
        (Rejection? why, double slow) = Judge("""{"metric":"bram18","at_most":100}""");
        Assert.Null(why);
        Assert.True(slow > Judge("""{"metric":"latency_ms","at_most":9}""").Ms);
    }

    [Fact]
    public void ALimitOnAResourceThatNoEngineKeepsNamesTheNearestCap()
        => Assert.Matches(@"^BRAM18 \d+ % of the cap on zcu102-eighth: needs \d+, allowed 5 of 228 \(engine \S+\)$", Judge("""{"metric":"bram18","at_most":5}""").Why!.Reason);

    [Fact]
    public void OtherConstraintsAreRejectedWithTheirValueAlone()
        => Assert.Matches(@"^dsp \d+ on zcu102-eighth, allowed at least 10000$", Judge("""{"metric":"dsp","at_least":10000}""").Why!.Reason);

    [Fact]
    public void WhatBreaksNoConstraintIsNotRejected() => Assert.Null(Judge("""{"metric":"latency_ms","at_most":9}""").Why);

    [Fact]
    public void ADeviceThatCannotRunItRejectsWithItsOwnReason()
    {
        StudySpec spec = StudySpec.Parse((JsonObject)JsonNode.Parse("""{"study":"s","method":"quasar-vit","data":{"name":"fashion-mnist"},"devices":["zcu102-eighth"],"objectives":[{"metric":"accuracy"}]}""")!);
        var why = new Rejection("coverage", "no such operation");
        Assert.Equal(why, new PriceJudge(spec).Rejects(new Workload("w", Mode.Infer, 1, []), [new Quote([], [], null, [why], "")]));
    }
}
