using System.Text.RegularExpressions;
using System.Xml.Linq;
using Hone.Client.Follow;
using Hone.Client.Results;
using Hone.Client.Tests.Follow;
using Hone.Contracts;
using Hone.Data;
using Hone.Model;

namespace Hone.Client.Tests.Results;

public sealed class ResultTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void TheSvgIsWellFormedDrawsEveryMemberAndIsTheSameEachTime()
    {
        FrontFile front = Samples.Front();
        FrontPlot plot = FrontPlot.Of(front, Samples.Trials(_scratch));
        string svg = FrontSvg.Text(plot, "quasar-vit", "sub");
        Assert.Equal(svg, FrontSvg.Text(plot, "quasar-vit", "sub"));
        XElement root = XDocument.Parse(svg).Root!;
        string[] words = [.. root.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];
        Assert.Contains("latency (ms)", words);
        Assert.Contains("accuracy (%)", words);
        Assert.Contains($"front ({front.Members.Count})", words);
        Assert.True(root.Descendants().Count(e => e.Name.LocalName is "ellipse" or "circle") >= front.Members.Count + plot.Trials.Count);
    }

    [Fact]
    public void WhatWasTrainedLessThanTheFrontIsCountedAndNotDrawn()
    {
        Trial[] trials = [.. Enumerable.Range(0, 100).Select(i => Samples.Trial(i) with { Fidelity = i % 3 })];
        TrialColumns columns = TrialColumns.Read(_scratch.Write("rungs.jsonl", string.Concat(trials.Select(t => StudyJson.Line(t, Samples.Space) + "\n"))), Samples.Objectives, fidelity: 2);
        Trial[] evaluated = [.. trials.Where(t => t.Outcome is Outcome.Evaluated)];
        Assert.Equal((evaluated.Length, evaluated.Count(t => t.Fidelity < 2)), (columns.Evaluated, columns.Lower));
        Assert.Equal(evaluated.Where(t => t.Fidelity == 2).Select(t => t.Ordinal), columns.Ordinals);
        var drawn = new Front("s", "m", 1, Samples.Objectives, [], Fidelity: 2);
        FrontFile front = FrontFile.Parse(StudyJson.Text(drawn, Samples.Space), "sample");
        Assert.Equal(2, front.Fidelity);
        Assert.Contains("<dt>of them on lower rungs, not drawn</dt>", ReportHtml.Text(front, columns, new Dictionary<string, string>()));
        Assert.Null(FrontFile.Parse(StudyJson.Text(drawn with { Fidelity = null }, Samples.Space), "sample").Fidelity);
    }

    [Fact]
    public void HostileNamesStayTextInTheSvg()
    {
        XElement root = XDocument.Parse(FrontSvg.Text(FrontPlot.Of(Samples.HostileFront(), new TrialColumns(Samples.Objectives)), Samples.Hostile, Samples.Hostile)).Root!;
        Assert.DoesNotContain(root.Descendants(), e => e.Name.LocalName is "img" or "script");
    }

    [Fact]
    public void AnEmptyFrontOrOneObjectiveStillMakesAPicture()
    {
        FrontFile none = Samples.Front() with { Members = [] };
        XDocument.Parse(FrontSvg.Text(FrontPlot.Of(none, new TrialColumns(Samples.Objectives)), "t", "s"));
        FrontFile one = Samples.Front() with { Objectives = [Samples.Objectives[0]] };
        Assert.Contains("ordinal", FrontSvg.Text(FrontPlot.Of(one, Samples.Trials(_scratch, objectives: one.Objectives)), "t", "s"));
    }

    [Fact]
    public void TheReportEncodesWhatAStudyNames()
    {
        string html = ReportHtml.Text(Samples.HostileFront(), new TrialColumns(Samples.Objectives), new Dictionary<string, string>());
        Assert.DoesNotContain("<img src=x", html);
        // The JSON block holds the hostile text, escaped, and ends where it should.
        string data = Regex.Match(html, """<script type="application/json" id="data">(.*?)</script>""", RegexOptions.Singleline).Groups[1].Value;
        Assert.Single(System.Text.Json.Nodes.JsonNode.Parse(data)!["front"]!["x"]!.AsArray());
        Assert.DoesNotContain('<', data);
    }

    [Fact]
    public void TheReportIsOneFileOfModestSizeWithoutANetwork()
    {
        string html = ReportHtml.Text(Samples.Front(), Samples.Trials(_scratch), new Dictionary<string, string> { [Samples.Front().Members[0].Key] = "models/0" });
        Assert.InRange(html.Length, 1_000_000, 5_000_000);
        Assert.DoesNotMatch("<(script|img|iframe|source)[^>]+src=|<link[^>]+href=|@import", html[..html.IndexOf("plotly.js (basic", StringComparison.Ordinal)]);
        Assert.Contains("href=\"models/0\"", html);
        Assert.Contains("Licensed under the MIT license", html);
        Assert.Contains("no engine of the board is fast enough", html);
        Assert.DoesNotContain("@@", html[..html.IndexOf("plotly.js (basic", StringComparison.Ordinal)]);
    }

    [Fact]
    public void TheCsvHasALinePerMemberAndQuotesWhatNeedsIt()
    {
        FrontFile front = Samples.Front();
        string[] lines = FrontCsv.Text(front).TrimEnd('\n').Split('\n');
        Assert.Equal("ordinal,accuracy (%),latency_ms (ms),dsp,depth,width", lines[0]);
        Assert.Equal(front.Members.Count + 1, lines.Length);
        Assert.All(lines, line => Assert.Equal(6, line.Split(',').Length));
        FrontFile formula = Samples.HostileFront() with { Members = [new Point(0, "k", [("g", "=cmd(),\"x\"")], [])] };
        Assert.Contains("\"'=cmd(),\"\"x\"\"\"", FrontCsv.Text(formula));
    }

    [Theory]
    [InlineData("../escape.txt")]
    [InlineData("models/../../escape.txt")]
    [InlineData("/tmp/hone-escape.txt")]
    public async Task AnArtifactThatWouldLeaveTheFolderIsRefused(string path)
    {
        var blobs = new FolderBlobStore(_scratch["blobs"]);
        var status = Samples.Status(StudyPhase.Done, 0, artifacts: [new Artifact(path, blobs.Put("x"u8))], blobs: _scratch["blobs"]);
        using var folder = new ResultFolder(_scratch["out"], TimeProvider.System);
        Assert.Contains("below", (await Assert.ThrowsAsync<HoneException>(() => ResultWriter.WriteAsync(folder, status, new FakeCluster(0), default))).Message);
        Assert.False(File.Exists(_scratch["escape.txt"]));
        Assert.False(File.Exists("/tmp/hone-escape.txt"));
    }

    [Fact]
    public async Task AFinishedStudyLeavesAllItsFilesAndNoEarlierModels()
    {
        var blobs = new FolderBlobStore(_scratch["blobs"]);
        _scratch.Write("out/models/7/manifest.json", "{}");
        _scratch.Write("out/models/mine/notes.txt", "kept");
        var status = Samples.Status(StudyPhase.Done, 320, blobs: _scratch["blobs"], artifacts: [
            new Artifact("front.json", blobs.Put(System.Text.Encoding.UTF8.GetBytes(Samples.FrontText))), new Artifact("models/0/manifest.json", blobs.Put("""{"key":"k"}"""u8))]);
        using var folder = new ResultFolder(_scratch["out"], TimeProvider.System);
        folder.BeginTrials();
        folder.Append(Enumerable.Range(0, 320).Select(i => Samples.Line(i).Line));
        await ResultWriter.WriteAsync(folder, status, new FakeCluster(0), default);
        Assert.All(new[] { "front.json", "front.csv", "front.svg", "report.html", "models/0/manifest.json", "models/mine/notes.txt" }, name => Assert.True(new FileInfo(folder.At(name)).Length > 0, name));
        Assert.False(Directory.Exists(folder.At("models/7")));
        Assert.Equal(Samples.FrontText, File.ReadAllText(folder.At("front.json")));
        Assert.Empty(Directory.GetFiles(folder.Root, "*.part", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(0.05, 0.4)]
    [InlineData(80, 80)]
    [InlineData(-3, 1e6)]
    [InlineData(0, 0)]
    public void AnAxisCoversItsValuesWithFewRoundTicks(double from, double to)
    {
        Axis axis = Axis.Around([from, to], 7);
        Assert.True(axis.From < from && axis.To > to);
        Assert.InRange(axis.Ticks.Count, 1, 8);
        Assert.Equal(axis.Ticks.Count, axis.Ticks.Select(axis.Label).Distinct().Count());
    }
}
