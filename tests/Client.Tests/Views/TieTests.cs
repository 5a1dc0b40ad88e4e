using Hone.Client.Results;
using Hone.Client.Views;
using Hone.Model;

namespace Hone.Client.Tests.Views;

/// <summary>Latencies that the model cannot tell apart, where people compare them.</summary>
public class TieTests
{
    private static FrontFile Front(Origin origin, params double[] latencies) => FrontFile.Parse(StudyJson.Text(new Front("s", "m", 1, Samples.Objectives, latencies.Select((ms, i) => new FrontMember(
        100 + i, Samples.Space.Sample(new Chance(1, Streams.Sampling, (uint)i)).Key, [new Measurement("accuracy", 80 + i, "%", Origin.Trained), new Measurement("latency_ms", ms, "ms", origin, null, "kv260")])).ToValueList()), Samples.Space), "made");

    [Fact]
    public void NeighboursWithinTheResolutionAreMarkedAndTheOthersAreNot()
    {
        string text = Rendering.Of(s => FrontTable.Write(Front(Origin.Modelled, 0.10, 0.105, 0.2, 0.4), s, default));
        string[] rows = [.. text.Split('\n').Where(l => l.TrimStart().StartsWith("10", StringComparison.Ordinal))];
        Assert.Equal([true, true, false, false], rows.Select(r => r.Contains('~')));
        Assert.Contains("~ latency_ms within 8.1 % of a neighbour's, a tie: not resolvable by the model", text);
        Assert.Contains("borrowed: nothing is published for kv260", text);
    }

    [Fact]
    public void AMeasuredFrontAndOneThatIsWideEnoughHaveNoNote()
    {
        Assert.DoesNotContain("~", Rendering.Of(s => FrontTable.Write(Front(Origin.Measured, 0.10, 0.105, 0.2), s, default)));
        Assert.DoesNotContain("~", Rendering.Of(s => FrontTable.Write(Front(Origin.Modelled, 0.10, 0.2, 0.4), s, default)));
    }

    private static Explanation Dominated(params Lead[] leads) => new("depth=1", Samples.Trial(0), "dominated", null, [],
        [new Dominator(7, "depth=2", Samples.Trial(0).Measurements, leads.ToValueList())], 8, Samples.Objectives);

    [Fact]
    public void ATiedDominatorIsSaidToBeTiedWithBothFigures()
    {
        string text = Rendering.Of(s => ExplanationText.Write(Dominated(new Lead("latency_ms", 3.14, 8.13)), s));
        Assert.Contains("tied in latency (3.1 % < 8.1 %)", text);
        Assert.DoesNotContain("better: trial 7", text);
        Assert.Contains("dominated by 8", text);
        Assert.Contains("and 7 more", text);
    }

    [Fact]
    public void ADominatorThatIsMoreAccurateIsBetter()
    {
        string text = Rendering.Of(s => ExplanationText.Write(Dominated(new Lead("accuracy", 0.2, null), new Lead("latency_ms", 3.14, 8.13)), s));
        Assert.Contains("better: trial 7", text);
        Assert.Contains("tied in latency (3.1 % < 8.1 %)", text);
    }

    [Theory]
    [InlineData("exported", "on the final front, exported")]
    [InlineData("demoted", "then demoted")]
    public void WhatFinishingMadeOfItAndADuplicateAreTold(string final, string says)
    {
        var explanation = new Explanation("depth=1", Samples.Trial(0), "on-front", null, [], [], 0, Samples.Objectives, DuplicateAt: 40, Final: final);
        string text = Rendering.Of(s => ExplanationText.Write(explanation, s));
        Assert.Contains(says, text);
        Assert.Contains("trial 40 is a duplicate of trial 0", text);
    }
}
