using System.Text.RegularExpressions;
using Hone.Client.Results;
using Hone.Model;

namespace Hone.Client.Tests.Results;

public sealed class CostReportTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void EveryMemberHasAPanelWithItsOperationsOnEveryDevice()
    {
        string page = Page(File.ReadAllText(SampleReport.Write(_scratch)));
        FrontFile front = ReportSamples.Front();
        foreach (Point member in front.Members.Concat(front.Demoted))
        {
            string panel = Regex.Match(page, $"<details class=member id=\"c{member.Ordinal}\">.*?</details>", RegexOptions.Singleline).Value;
            foreach (DeviceCosts device in ReportSamples.Costs(front).Devices)
            {
                MemberCost cost = device.Members.Single(m => m.Ordinal == member.Ordinal);
                Assert.Contains($"<h4>{device.Device}: {Digits.Short(cost.Total)} ms on {cost.Configuration}</h4>", panel);
                Assert.All(cost.Operations!, o => Assert.Contains($"<td>{o.Op}</td><td class=n>{CostPanel.Fixed(o.Value, cost.Total)}</td>", panel));
                Assert.All(cost.Why!, why => Assert.Contains($"<li>{why}</li>", panel));
            }
            Assert.Contains($"aria-controls=\"c{member.Ordinal}\"", page);
        }
    }

    [Theory]
    [InlineData(0.0123456, 0.33, "0.01235")]
    [InlineData(0.00004, 0.031, "0.000040")]
    [InlineData(3.2, 12, "3.200")]
    [InlineData(20000, 123456, "20000")]
    [InlineData(0, 0, "0.0000")]
    public void PartsOfACostLineUp(double part, double total, string text) => Assert.Equal(text, CostPanel.Fixed(part, total));

    [Fact]
    public void TheSupernetsCurveIsDrawnOnceAndEachMembersOwnToo()
    {
        string page = Page(File.ReadAllText(SampleReport.Write(_scratch)));
        Assert.Single(Regex.Matches(page, "<figcaption>supernet: loss "));
        Assert.Equal(ReportSamples.Front().Members.Count, Regex.Matches(page, @"<figcaption>fine-tuning of \d+: loss ").Count);
    }

    [Fact]
    public void HostTimesShowTauTheSwapsAndWhatIsNotResolved()
    {
        string section = HostTimeSection.Of(ReportSamples.Costs(ReportSamples.Front()));
        Assert.Contains("Differences below 7.4 %, the worst held-out error of the model (zcu102), are ties", section);
        Assert.Contains("No held-out error of this model is known", section);
        Assert.Contains("<td class=\"n text\">Kendall tau to 0 ns/element</td><td class=n></td><td class=n>0.93</td><td class=n>0.79</td><td class=n>-</td><td class=n>0.36</td>", section);
        int[] first = [.. ReportSamples.Front().Members.Take(2).Select(m => m.Ordinal)];
        Assert.Contains($"0 ns/element to 0.25 ns/element: {first[0]} and {first[1]},", section);
    }

    [Fact]
    public void NeighboursCloserThanTheResolutionAreTiedAndFartherOnesAreNot()
    {
        var device = new DeviceCosts("d", "ms", [new(1, "a", 1.0), new(2, "b", 1.07), new(3, "c", 1.2), new(4, "d", 1.29), new(5, "e", 9)], Resolution: new Resolution(7.4, "s"));
        IReadOnlyDictionary<int, IReadOnlyList<int>> ties = Ties.Of(device, [1, 2, 3, 5]);
        Assert.Equal([1, 2], ties.Keys.Order());
        Assert.Equal([2], ties[1]);
        Assert.Equal([3], Ties.Of(device with { Resolution = new Resolution(7.6, "s") }, [3, 4])[4]);
        Assert.Empty(Ties.Of(device with { Resolution = null }, [1, 2, 3]));
    }

    [Fact]
    public void TiesAreMarkedInTheTableOfMembers()
    {
        FrontFile front = ReportSamples.Front();
        CostsFile costs = ReportSamples.Costs(front);
        int tied = Ties.Of(costs.Devices[0], [.. front.Members.Select(m => m.Ordinal)]).Count;
        Assert.True(tied > 0);
        Assert.Equal(tied, Regex.Matches(MemberTable.Of(front, front.Members, new Dictionary<string, string>(), costs), "<abbr title=\"tied with trial ").Count);
    }

    [Fact]
    public void AFolderWithoutCostsAndCurvesLeavesTheSectionsOut()
    {
        string page = Page(ReportHtml.Text(ReportSamples.Front(), Samples.Trials(_scratch), new Dictionary<string, string>()));
        Assert.DoesNotContain("id=host-times", page);
        Assert.DoesNotContain("id=training", page);
        Assert.DoesNotContain("class=bars", page);
        Assert.Contains("<p class=genes>", page);
    }

    [Fact]
    public void HostileNamesInCostsAndCurvesStayText()
    {
        string evil = Samples.Hostile;
        var costs = new CostsFile([new DeviceCosts(evil, evil, [new MemberCost(0, evil, 1, evil, [new OperationCost(evil, 1, evil, evil)], [evil])], evil, new Resolution(1, evil),
            [new HostTime(0, 0, [1.0]), new HostTime(1, 0, [2.0])], [new HostOrder(0, 1, 1, [[0, 0]])])]);
        string html = ReportHtml.Text(Samples.HostileFront(), new TrialColumns(Samples.Objectives), new Dictionary<string, string>(), costs, [new SharedCurve(new Curve(evil, evil, evil, [[0, 1], [1, 2]]), [0])]);
        Assert.DoesNotContain("<img", Page(html));
        Assert.Contains("&lt;img", Page(html));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"devices":[{"device":"d"}]}""")]
    [InlineData("""{"devices":[{"device":"d","unit":"ms","members":[],"hostTimes":[{"elementNs":0,"blockMs":0,"latencyMs":[1]}]}]}""")]
    [InlineData("""{"devices":[{"device":"d","unit":"ms","members":[],"orders":[{"from":0,"to":1}]}]}""")]
    public void SomethingElseThanCostsIsNamedWithItsFile(string text) =>
        Assert.Contains("out/costs.json: expected what `hone run` writes", Assert.Throws<HoneException>(() => CostsFile.Parse(text, "out/costs.json")).Message);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"curves":[{"name":"n","metric":"loss","x":"x","points":[[1]]}]}""")]
    public void SomethingElseThanCurvesIsNamedWithItsFile(string text) =>
        Assert.Contains("1/training.json", Assert.Throws<HoneException>(() => TrainingFile.Parse(text, "models/1/training.json")).Message);

    /// <summary>The page without plotly.</summary>
    private static string Page(string html) => html[..html.IndexOf("<script type=\"application/json\"", StringComparison.Ordinal)];
}
