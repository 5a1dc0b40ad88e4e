using Hone.Client.Results;
using Hone.Client.Views;
using Hone.Model;

namespace Hone.Client.Tests.Views;

/// <summary>Wherever a member of a front is shown: measured or predicted, how old, how sure, and what ran otherwise than stated.</summary>
public class AgeTests
{
    private static readonly DateTimeOffset Taken = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly FrontFile Front = FrontFile.Parse(StudyJson.Text(new Front("s", "m", 1, Samples.Objectives, [Member(7, Origin.Measured, Taken), Member(8, Origin.Modelled, Taken.AddDays(1)), Member(9, Origin.Modelled, null)]), Samples.Space), "made");

    private static FrontMember Member(int ordinal, Origin origin, DateTimeOffset? taken) => new(ordinal, Samples.Space.Sample(new Chance(1, Streams.Sampling, (uint)ordinal)).Key,
        [new("accuracy", 80 + ordinal, "%", Origin.Trained), new("latency_ms", ordinal, "ms", origin, 0.25, "pi", "cal", taken, origin == Origin.Measured ? ["6-bit inputs run as 8-bit codes (3 operations)", "b1: <exact>"] : null)]);

    [Fact]
    public void TheTableOfAFrontSaysItOfEachMember()
    {
        string text = Rendering.Of(s => FrontTable.Write(Front, s, Taken.AddDays(3)));
        foreach (string part in (string[])["7 ± 0.25", "measured 3 days ago", "predicted 2 days ago", "median absolute deviation of its runs",
            "otherwise than stated on pi: 6-bit inputs run as 8-bit codes (1 of 3 members)", "otherwise than stated on pi: <exact> (1 of 3 members)"]) Assert.Contains(part, text);
        Assert.DoesNotContain("modelled 2 days ago", text);
    }

    [Fact]
    public void TheReportSaysItInEachCell()
    {
        string html = MemberTable.Of(Front, Front.Members, new Dictionary<string, string>(), null);
        foreach (string part in (string[])["<small>measured 2030-01-02 03:04 UTC</small>", "<small>predicted 2030-01-03 03:04 UTC</small>",
            "title=\"measured 2030-01-02 03:04 UTC, pi; otherwise than stated: 6-bit inputs run as 8-bit codes (3 operations); b1: &lt;exact&gt;\"", "title=\"modelled, pi\""]) Assert.Contains(part, html);
    }

    [Fact]
    public void TheCsvHasItInColumnsOfTheObjectivesThatNodesMeasure()
    {
        string[] lines = FrontCsv.Text(Front).TrimEnd('\n').Split('\n');
        Assert.Equal("ordinal,accuracy (%),latency_ms (ms),latency_ms state,latency_ms spread,latency_ms taken,depth,width", lines[0]);
        Assert.StartsWith("7,87,7,measured,0.25,2030-01-02T03:04:05Z,", lines[1]);
        Assert.StartsWith("9,89,9,modelled,0.25,,", lines[3]);
    }

    [Fact]
    public void SeveralMomentsAreASpan()
    {
        Measurement m = new("latency_ms", 1, "ms", Origin.Measured, Taken: Taken);
        Assert.Equal("2030-01-02 03:04 UTC", Known.Span([m]));
        Assert.Equal("2030-01-02 03:04 to 05:04 UTC", Known.Span([m with { Taken = Taken.AddHours(2) }, m]));
        Assert.Equal("2030-01-02 03:04 to 2030-01-05 03:04 UTC", Known.Span([m with { Taken = Taken.AddDays(3) }, m with { Taken = null }, m]));
        Assert.Equal("-", Known.Span([m with { Taken = null }]));
    }
}
