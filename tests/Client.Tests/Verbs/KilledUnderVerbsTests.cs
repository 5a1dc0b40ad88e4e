using System.Text.Json.Nodes;
using Hone.Client.Silo;

namespace Hone.Client.Tests.Verbs;

/// <summary>The built command, and silos that are killed under it.</summary>
public sealed class KilledUnderVerbsTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private BuiltCommand Built => new(_scratch);

    private string[] Lines(string folder) => File.ReadAllLines(_scratch[$"{folder}/trials.jsonl"]);

    /// <summary>A silo with a slot that is killed while a long study is paused or stopped on it.</summary>
    /// <returns>What it said of the study when it was started.</returns>
    private async Task<JsonNode?> KilledAfter(string verb, string file, bool known)
    {
        SiloProcess silo = await Built.Silo("both", 1);
        JsonNode? found = known ? await Built.Json("status", "long") : null;
        await Built.Json("submit", file);
        while ((int)(await Built.Json("status", "long"))["counts"]!["evaluated"]! == 0)
        {
        }
        await Built.Json(verb, "long");
        silo.Kill();
        await silo.DisposeAsync();
        return found;
    }

    [Fact]
    public async Task APauseAndAStopOutliveAKill()
    {
        string file = _scratch.Write("long.yaml", BuiltCommandTests.Study.Replace("study: zdt", "study: long", StringComparison.Ordinal).Replace("trials: 30", "trials: 3000", StringComparison.Ordinal)
            .Replace("variables: 8", "variables: 8, pause_ms: 5", StringComparison.Ordinal));   // it must not end before it is stopped
        await KilledAfter("pause", file, known: false);
        JsonNode paused = (await KilledAfter("stop", file, known: true))!;   // submitted again, it went on
        Assert.Equal("paused", paused["phase"]!.ToString());
        JsonNode end = await Built.Json("run", file, "--out", _scratch["run"]);
        Assert.Equal(("done", "stopped by request"), (end["phase"]!.ToString(), end["reason"]!.ToString()));
        int evaluated = (int)end["counts"]!["evaluated"]!;
        Assert.InRange(evaluated, (int)paused["counts"]!["evaluated"]!, 2_999);

        // Not a trace of the two kills: the journal and the front of a study of that many trials.
        string same = _scratch.Write("same.yaml", File.ReadAllText(file).Replace("trials: 3000", $"trials: {evaluated}", StringComparison.Ordinal)
            .Replace(", pause_ms: 5", "", StringComparison.Ordinal));
        var (code, _, error) = await BuiltCommand.Run("run", same, "--out", _scratch["same"], "--data-dir", _scratch["fresh"]);
        Assert.True(code == 0, error);
        Assert.Equal(Lines("same"), Lines("run").Take(Lines("same").Length));
        Assert.Equal(File.ReadAllText(_scratch["same/front.json"]), File.ReadAllText(_scratch["run/front.json"]));
    }
}
