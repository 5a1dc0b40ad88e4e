using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hone.Client.Results;

namespace Hone.Client.Tests.Results;

/// <summary>The report in a browser: scripts run without an error, panels open at a click, nothing is cut, overlaps or is hard to read.</summary>
public sealed class BrowserTests : IDisposable
{
    private static readonly string Checks = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Results", "checks.js"));

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(390, false)]
    [InlineData(390, true)]
    public void NothingIsCutOverlapsOrIsHardToReadWithAllPanelsOpen(int width, bool dark)
    {
        Chromium.Require();
        JsonNode found = Look(SampleReport.Write(_scratch), width, dark);
        Assert.Equal(width, (int)found["width"]!);
        Assert.Equal("[]", found["errors"]!.ToJsonString());
        Assert.Equal("[]", found["sideways"]!.ToJsonString());
        Assert.Equal("[]", found["cut"]!.ToJsonString());
        Assert.Equal("[]", found["overlaps"]!.ToJsonString());
        Assert.Equal("[]", found["faint"]!.ToJsonString());
        Assert.InRange((int)found["texts"]!, 1000, int.MaxValue);
    }

    [Fact]
    public void TheChecksSeeTextThatIsFaintCutOverlappingOrSideways()
    {
        Chromium.Require();
        string page = _scratch.Write("bad/report.html", """
            <!doctype html><html><head><title>bad</title></head><body style="background:#fff"><div id=plot></div>
            <p style="color:#999">faint words</p>
            <p style="width:40px;overflow:hidden;white-space:nowrap">cut words that go on</p>
            <p style="position:absolute;top:300px;left:10px">first of two</p><p style="position:absolute;top:304px;left:14px">second of two</p>
            <p style="white-space:nowrap;width:2000px">wide</p><script>undefinedName()</script></body></html>
            """);
        JsonNode found = Look(page, 390, false);
        Assert.StartsWith("faint words", (string)found["faint"]!.AsArray().Single()!);
        Assert.StartsWith("cut words", (string)found["cut"]!.AsArray().Single()!);
        Assert.StartsWith("first of two / second", (string)found["overlaps"]!.AsArray().Single()!);
        Assert.Single(found["sideways"]!.AsArray());
        Assert.Contains("undefinedName", (string)found["errors"]!.AsArray().Single()!);
    }

    [Fact]
    public void AButtonARowAndAPointOpenAPanelAndTheButtonSaysSo()
    {
        Chromium.Require();
        JsonNode found = Look(SampleReport.Write(_scratch), 1280, false);
        Assert.Equal(["false", "true", "false"], found["button"]!.AsArray().Select(b => (string)b!));
        Assert.Equal("true", (string)found["row"]!);
        Assert.Equal("true", (string)found["point"]!);
        Assert.Equal(Samples.Trials(_scratch).Evaluated, (int)found["dots"]!);
    }

    [Fact]
    public void AReportOfManyTrialsOpensWithoutAnError()
    {
        Chromium.Require();
        JsonNode found = Look(LargeReportTests.Write(_scratch), 1280, false);
        Assert.Equal("[]", found["errors"]!.ToJsonString());
        Assert.InRange((int)found["dots"]!, 1000, Thinning.Most);
        Assert.Equal("true", (string)found["point"]!);
    }

    [Fact]
    public void HostileNamesBecomeNoElementsInTheBrowser()
    {
        Chromium.Require();
        string page = _scratch.Write("hostile/report.html", ReportHtml.Text(Samples.HostileFront(), new TrialColumns(Samples.Objectives), new Dictionary<string, string>()));
        JsonNode found = Look(page, 1280, false);
        Assert.Equal("[]", found["errors"]!.ToJsonString());
        Assert.Equal(0, (int)found["images"]!);
    }

    /// <summary>For eyes: with HONE_REPORT_SHOTS=FOLDER the pages and pictures of them stay there.</summary>
    private void Keep(string report, string html, int width, bool dark)
    {
        if (Environment.GetEnvironmentVariable("HONE_REPORT_SHOTS") is not { Length: > 0 } folder || report.Contains("bad", StringComparison.Ordinal)) return;
        string name = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{Path.GetFileName(Path.GetDirectoryName(report))}-{width}{(dark ? "-dark" : "")}");
        File.WriteAllText(name + ".html", new Regex("<details class=member").Replace(html, "<details open class=member", 1));   // one panel open
        Chromium.Picture(_scratch, name + ".html", name + ".png", width, width < 600 ? 9000 : 5600);
    }

    /// <summary>Loads a copy that looks at itself, and reads what it found.</summary>
    private JsonNode Look(string report, int width, bool dark)
    {
        string html = File.ReadAllText(report);
        if (dark) html = html.Replace("@media (prefers-color-scheme: dark)", "@media all");
        Keep(report, html, width, dark);
        int head = html.IndexOf("<title>", StringComparison.Ordinal), end = html.LastIndexOf("</body>", StringComparison.Ordinal);
        html = $"{html[..head]}<script>window.seen = []; addEventListener('error', e => seen.push(e.message));</script>{html[head..end]}<script>{Checks}</script>{html[end..]}";
        string dom = Chromium.Told(_scratch, _scratch.Write("checked.html", html), width);
        Match found = Regex.Match(dom, """<script type="application/json" id="told">(.*?)</script>""", RegexOptions.Singleline);
        return found.Success ? JsonNode.Parse(found.Groups[1].Value)! : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"the page of {html.Length} bytes did not look at itself"));
    }
}
