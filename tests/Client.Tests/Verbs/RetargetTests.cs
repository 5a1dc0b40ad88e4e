using System.Text.Json.Nodes;
using Hone.Client.Silo;
using Hone.Client.Verbs;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Tests.Verbs;

public sealed class RetargetTests : IDisposable
{
    private const string Study =
        "study: priced\nmethod: synthetic\ndata: {name: none}\nmodel: {problem: zdt1, variables: 6, cost: gemm}\ndevices: [zcu102-eighth]\n"
        + "objectives: [{metric: f1}, {metric: latency_ms}]\nconstraints: [{metric: latency_ms, at_most: 0.027}]\nsearch: {algorithm: random, window: 3}\n"
        + "budget: {trials: 30}\nfinish: {members: 3}\nseed: 3\n";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task AFrontIsRetargetedExplainedAndRefusedThroughTheVerbs()
    {
        var hone = new BuiltCommand(_scratch);
        Assert.Equal("done", (await hone.Json("run", _scratch.Write("priced.yaml", Study), "--out", _scratch["run"]))["phase"]!.ToString());
        Assert.Equal("zcu102-eighth", Node("run/costs.json")["devices"]![0]!["device"]!.ToString());
        await using SiloProcess silo = await hone.ControlSilo();

        JsonNode shown = await hone.Json("retarget", "priced", "--device", "kv260", "--out", _scratch["kv260"]);
        JsonNode front = Node("kv260/front.json"), costs = Node("kv260/costs.json");
        Assert.Equal("kv260", shown["device"]!.ToString());
        Assert.Equal(front["members"]!.ToJsonString(), shown["members"]!.ToJsonString());
        Assert.All(front["members"]!.AsArray(), m => Assert.Contains("\"kv260\"", m!.ToJsonString()));
        Assert.Equal(front["members"]!.AsArray().Select(m => m!["ordinal"]!.ToString()), costs["devices"]![0]!["members"]!.AsArray().Select(m => m!["ordinal"]!.ToString()));
        Assert.Equal(Lines("run").Length, Lines("kv260").Length);
        foreach (string name in (string[])["front.csv", "front.svg", "report.html"]) Assert.True(File.Exists(_scratch[$"kv260/{name}"]), name);
        var (code, text, error) = await hone.Hone("retarget", "priced", "--device", "kv260", "--at-most", "f1=0.5");
        Assert.True(code == 0, error);
        Assert.Contains($"{shown["unmeasured"]} of {Lines("run").Length} trials could not be considered: rejected on zcu102-eighth before their accuracy was measured", text);

        // Refused: what lies in the folder stays as it is.
        string before = File.ReadAllText(_scratch["kv260/trials.jsonl"]);
        await hone.Refused(2, "did you mean 'latency_ms'", "retarget", "priced", "--device", "kv260", "--at-most", "latncy_ms=1", "--out", _scratch["kv260"]);
        await hone.Refused(2, "did you mean 'kv260'", "retarget", "priced", "--device", "kv26", "--out", _scratch["kv260"]);
        await hone.Refused(2, "clock_mhz: expected a number", "retarget", "priced", "--device", "kv260", "--set", "clock_mhz=0,4", "--out", _scratch["kv260"]);
        await hone.Refused(2, "holds the models/ of a run", "retarget", "priced", "--device", "kv260", "--out", _scratch["run"]);
        Assert.Equal(before, File.ReadAllText(_scratch["kv260/trials.jsonl"]));
        await hone.Refused(2, "did you mean 'latency_ms'", "retarget", "priced", "--device", "kv260", "--at-most", "latncy_ms=1", "--out", _scratch["none"]);
        Assert.False(Directory.Exists(_scratch["none"]));

        // Explained, through the verb.
        string member = Node("run/front.json")["members"]![0]!["ordinal"]!.ToString();
        (code, text, error) = await hone.Hone("explain", member);
        Assert.True(code == 0, error);
        Assert.Contains("on the front of the search; on the final front, exported", text);
        await hone.Refused(2, "below", "explain", "4000");
        await hone.Refused(2, "expected an ordinal or a candidate's key", "explain", "nonsense");
    }

    [Fact]
    public void NumbersAreReadWithoutThousandsAndFiniteOnly()
    {
        DeviceSpec device = RetargetOptions.Device("kv260", ["clock_mhz=0.4", "a=0,4", "b=NaN", "c=1e999", "memory_bound=false", "engine=one"]);
        Assert.Equal("""{"clock_mhz":0.4,"a":"0,4","b":"NaN","c":"1e999","memory_bound":false,"engine":"one"}""", device.Options.ToJsonString());
        Assert.Equal(new Constraint("accuracy", Side.AtLeast, 85), RetargetOptions.Limit("accuracy=85", "--at-least", Side.AtLeast));
        foreach (string text in (string[])["x=0,4", "x=NaN", "x=Infinity", "x=", "x"]) Assert.Throws<SpecException>(() => RetargetOptions.Limit(text, "--at-most", Side.AtMost));
    }

    [Fact]
    public void ExportedMeansMembersOfThisFrontWithFilesOfTheStudysOwn()
    {
        int[] members = [.. Samples.Front().Members.Select(m => m.Ordinal)];
        RetargetUpdate Last(params int[] exported) => new([], 320, null, "", exported.ToValueList(), null, 0, null, 12, ["zcu102-eighth", "zcu104"]);
        string[] lines = [.. RetargetVerb.Lines(Samples.Front(), Last(members[1], 9_999), "kv260", 1.24)];
        Assert.Equal($"exported by the study already: {members[1]}", lines[2]);
        Assert.Equal("12 of 320 trials could not be considered: rejected on zcu102-eighth, zcu104 before their accuracy was measured", lines[1]);
        Assert.Contains("none of them is exported yet", RetargetVerb.Lines(Samples.Front(), Last(9_999), "kv260", 1));
    }

    private JsonNode Node(string file) => JsonNode.Parse(File.ReadAllText(_scratch[file]))!;

    private string[] Lines(string folder) => File.ReadAllLines(_scratch[$"{folder}/trials.jsonl"]);
}
