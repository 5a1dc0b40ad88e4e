using System.Text.Json.Nodes;
using Hone.Model;
using Hone.Studies;

namespace Hone.Core.Tests.Studies;

public class PriceJudgeTests
{
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
        double best = Judge("""{"metric":"latency_ms","at_most":9}""").Ms;
        Rejection why = Judge($$"""{"metric":"latency_ms","at_most":{{best * 0.95}}}""").Why!;
        Assert.Equal("latency_ms", why.Constraint);
        Assert.Matches(@"^latency_ms 0\.\d+ ms on zcu102-eighth, allowed at most 0\.\d+: [\d.]+ us needs \S+-w4a6: (DSP|LUT|FF|BRAM18) \d+ %; the best that fits, \S+, takes [\d.]+ us$", why.Reason);
    }

    [Fact]
    public void ALatencyThatNoEngineReachesIsSaidToBeSo()
        => Assert.Contains("no engine of this board meets 5 us: the fastest, ", Judge("""{"metric":"latency_ms","at_most":0.005}""").Why!.Reason);

    [Fact]
    public void TheOptionsOfTheDeviceHoldForTheReasonToo()
    {
        Rejection why = Judge("""{"metric":"latency_ms","at_most":0.4}""", """{"name":"zcu102-eighth","engine":"1x8x4-w4a6"}""").Why!;
        Assert.Contains("the one engine of this device, 1x8x4-w4a6, takes", why.Reason);
    }

    [Fact]
    public void OtherConstraintsAreRejectedWithTheirValueAlone()
        => Assert.Matches(@"^dsp \d+ 1 on zcu102-eighth, allowed at most 10$", Judge("""{"metric":"dsp","at_most":10}""").Why!.Reason);

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
