using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hone.Client.Follow;
using Hone.Client.Results;
using Hone.Model;

namespace Hone.Client.Tests.Results;

/// <summary>A study of 100,000 trials, whose lines have 130 MB or so.</summary>
public sealed class LargeReportTests : IDisposable
{
    public const int Count = 100_000;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void ItsReportHasAFewMegabytesAndIsMadeInBoundedMemory()
    {
        string report = Write(_scratch);
        Assert.InRange(new FileInfo(report).Length, 1_000_000, 3_000_000);
        Assert.InRange(new FileInfo(_scratch["large/front.svg"]).Length, 10_000, 1_500_000);
        long lines = new FileInfo(_scratch["large/trials.jsonl"]).Length, most = Math.Min(16_000_000, lines / 5), held = long.MaxValue;
        TrialColumns trials = null!;
        for (int i = 0; i < 5 && held >= most; i++) held = Math.Min(held, Held(out trials));   // what tests beside this one allocate meanwhile is counted too
        Assert.True(held < most, $"{held} bytes held for {lines} bytes of lines");
        Assert.Equal((Count, 60_000, 30_000, 10_000), (trials.Count, trials.Evaluated, trials.Rejections.Count, trials.Duplicates));

        string html = File.ReadAllText(report);
        Match drawn = Regex.Match(html, @"(\d+) of 60000 evaluated trials are drawn");
        Assert.InRange(int.Parse(drawn.Groups[1].Value), 1000, Thinning.Most);
        JsonNode data = JsonNode.Parse(Regex.Match(html, """<script type="application/json" id="data">(.*?)</script>""", RegexOptions.Singleline).Groups[1].Value)!;
        Assert.Equal(60_000, data["trials"]!["count"]!.AsArray().Sum(n => (int)n!));
        Assert.Equal(drawn.Groups[1].Value, $"{data["trials"]!["n"]!.AsArray().Count}");
    }

    /// <summary>Bytes that are reachable once the trials are read, and were not before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Held(out TrialColumns trials)
    {
        trials = null!;   // those of an attempt before are none of the bytes before
        long before = GC.GetTotalMemory(forceFullCollection: true);
        trials = TrialColumns.Read(_scratch["large/trials.jsonl"], Samples.Objectives);
        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }

    [Fact]
    public void DotsOfManyAreTheFirstOfEachCellAndStandForAll()
    {
        double[] x = [.. Enumerable.Range(0, 20_000).Select(i => i * 0.7548776662 % 1)], y = [.. Enumerable.Range(0, 20_000).Select(i => i * 0.5698402910 % 1)];
        Thinning dots = Thinning.Of(x, y);
        Assert.InRange(dots.Index.Count, 3900, Thinning.Most);
        Assert.Equal(20_000, dots.StandsFor.Sum());
        Assert.Equal(dots.Index.Order(), dots.Index);
        Assert.Equal(0, dots.Index[0]);
        Assert.Equal(4000, Thinning.Of(x[..4000], y[..4000]).Index.Count);
        Assert.Single(Thinning.Of(new double[5000], new double[5000]).Index);
    }

    [Fact]
    public void GenesThatSomeTrialsLackKeepTheirPlace()
    {
        string path = _scratch.Write("t.jsonl", string.Concat(new[] { "\"a\":1", "\"b\":\"x\"", "", "\"a\":2,\"b\":\"y\"" }.Select((genes, i) =>
            $"{{\"ordinal\":{i},\"key\":\"k\",\"genes\":{{{genes}}},\"measurements\":[{{\"metric\":\"accuracy\",\"value\":1}},{{\"metric\":\"latency_ms\",\"value\":2}}]}}\n")));
        TrialColumns trials = TrialColumns.Read(path, Samples.Objectives);
        Assert.Equal(["1,,,2", ",x,,y"], trials.Genes.Select(g => string.Join(',', g.At.Select(at => g.Values[at]))));
    }

    [Fact]
    public void ALineThatIsNoTrialIsNamed()
    {
        string path = _scratch.Write("t.jsonl", ReportSamples.LargeLine(0) + "\n\n{\"key\":\"k\"}\n");
        Assert.Contains("t.jsonl:3", Assert.Throws<HoneException>(() => TrialColumns.Read(path, Samples.Objectives)).Message);
    }

    /// <summary>The result folder of the large study.</summary>
    /// <returns>The path of its report.html.</returns>
    internal static string Write(Scratch scratch)
    {
        using var folder = new ResultFolder(scratch["large"], TimeProvider.System);
        folder.BeginTrials();
        foreach (int[] part in Enumerable.Range(0, Count).Chunk(1000)) folder.Append(part.Select(ReportSamples.LargeLine));
        FrontFile front = Samples.Front("large");
        folder.WriteWhole(ResultWriter.Front, Samples.FrontOf("large"));
        folder.WriteWhole(CostsFile.Name, ReportSamples.CostsText(front));
        ResultWriter.Draw(folder, front);
        return folder.At("report.html");
    }
}
