using System.Text.Json.Nodes;
using Hone.Client.Silo;

namespace Hone.Client.Tests.Verbs;

/// <summary>The built command with the built silo on a data folder: what a user types, one after the other.</summary>
public sealed class BuiltCommandTests : IDisposable
{
    internal const string Study =
        "study: zdt\nmethod: synthetic\ndata: {name: none}\nmodel: {problem: zdt1, variables: 8}\nobjectives: [{metric: f1}, {metric: f2}]\n"
        + "search: {population: 8, window: 3}\nbudget: {trials: 30}\nseed: 3\n";

    private static readonly string[] Drawn = ["front.json", "front.csv", "front.svg", "trials.jsonl", "report.html"];
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private BuiltCommand Built => new(_scratch);

    private Task<SiloProcess> ControlSilo() => Built.ControlSilo();

    private Task<(int Code, string Out, string Error)> Hone(params string[] args) => Built.Hone(args);

    private Task<JsonNode> Json(params string[] args) => Built.Json(args);

    private Task Refused(int expected, string says, params string[] args) => Built.Refused(expected, says, args);

    private string[] Lines(string folder) => File.ReadAllLines(_scratch[$"{folder}/trials.jsonl"]);

    [Fact]
    public async Task AStudyIsExportedExtendedPausedAndStoppedOnItsDataFolder()
    {
        string file = _scratch.Write("zdt.yaml", Study);
        JsonNode run = await Json("run", file, "--out", _scratch["run"]);
        Assert.Equal("done", run["phase"]!.ToString());

        // Exported: the files that the run wrote.
        SiloProcess silo = await ControlSilo();
        JsonNode exported = await Json("export", "zdt", "--out", _scratch["all"]);
        Assert.Equal(_scratch["all"], exported["out"]!.ToString());
        foreach (string name in Drawn) Assert.Equal(File.ReadAllText(_scratch[$"run/{name}"]), File.ReadAllText(_scratch[$"all/{name}"]));
        Assert.Contains("\"done\"", File.ReadAllText(_scratch["all/log.jsonl"]));
        Assert.Equal(Models("run"), Models("all"));
        string second = JsonNode.Parse(File.ReadAllText(_scratch["run/front.json"]))!["members"]![1]!["ordinal"]!.ToString();
        Assert.Equal(["models/2"], (await Json("export", "zdt", "--out", _scratch["one"], "--members", second))["models"]!.AsArray().Select(m => m!.ToString()));
        Assert.Equal(["2/manifest.json"], Models("one").Select(m => m.Path));

        // Refused, with the exit codes of a failure and of a wrong request.
        await Refused(1, "'zdt'", "pause", "ztd");
        await Refused(1, "it is done", "pause", "zdt");
        await Refused(2, "30", "extend", "zdt", "--trials", "30");

        // Extended, then paused, without anyone to do the work; the same file goes on with it.
        JsonNode extended = await Json("extend", "zdt", "--trials", "50");
        Assert.Equal(["search", "50", "false"], new[] { "phase", "budget", "worker" }.Select(key => extended[key]!.ToString()));
        Assert.Equal("paused", (await Json("pause", "zdt"))["phase"]!.ToString());
        await Refused(1, "paused", "export", "zdt", "--out", _scratch["none"]);
        await silo.DisposeAsync();
        var (code, output, error) = await Hone("run", file, "--out", _scratch["longer"]);
        Assert.True(code == 0, error);
        Assert.Contains("zdt was paused (paused by request); it goes on", output);
        Assert.Equal(Lines("run"), Lines("longer").Take(Lines("run").Length));
        Assert.Equal(50, Lines("longer").Count(line => line.Contains("\"measurements\"", StringComparison.Ordinal)));

        // Stopped before the next trial: the front is that of before.
        await using (await ControlSilo())
        {
            await Json("extend", "zdt", "--trials", "90");
            Assert.Equal("finish", (await Json("stop", "zdt", "--cluster", _scratch["data"]))["phase"]!.ToString());
        }
        JsonNode stopped = await Json("run", file, "--out", _scratch["stopped"]);
        Assert.Equal("stopped by request", stopped["reason"]!.ToString());
        foreach (string name in Drawn) Assert.Equal(File.ReadAllText(_scratch[$"longer/{name}"]), File.ReadAllText(_scratch[$"stopped/{name}"]));

        // Verbs at once, on a folder without a silo: one starts it, and all have their answer.
        JsonNode[] both = await Task.WhenAll(Json("list"), Json("status", "zdt"));
        Assert.Equal(["done", "done"], new[] { both[0][0]!, both[1] }.Select(s => s["phase"]!.ToString()));
    }

    private List<(string Path, string Text)> Models(string folder) =>
        [.. Directory.GetFiles(_scratch[$"{folder}/models"], "*", SearchOption.AllDirectories).Select(p => (Path.GetRelativePath(_scratch[$"{folder}/models"], p), File.ReadAllText(p))).Order()];
}
