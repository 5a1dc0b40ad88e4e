using System.Text.Json.Nodes;
using Hone.Client.Silo;
using Hone.Client.Tests.Verbs;

namespace Hone.Client.Tests.Server;

/// <summary>The built command over the HTTP interface of the built silo, with a token and nothing else.</summary>
public sealed class ServerVerbTests : IDisposable
{
    private const string Study =
        "study: zdt\nmethod: synthetic\ndata: {name: none}\nmodel: {problem: zdt1, variables: 8}\nobjectives: [{metric: f1}, {metric: f2}]\n"
        + "search: {population: 8, window: 3}\nbudget: {trials: 30}\nseed: 3\n";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task EveryVerbDoesOverHttpWhatItDoesInTheCluster()
    {
        var hone = new BuiltCommand(_scratch);
        await using SiloProcess silo = await hone.Silo("both", 1);
        string url = File.ReadAllText(_scratch["data/api.url"]), file = _scratch.Write("zdt.yaml", Study);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(_scratch["data/api.token"]));

        // The token of the silo's run is found by itself; then one is made for somebody elsewhere.
        JsonNode made = await hone.Json("token", "create", "--role", "operator", "--expires", "1h", "--server", url);
        string token = _scratch.Write("token", (string)made["token"]!);
        string[] there = ["--server", url, "--token-file", token];
        Assert.Equal("zdt", (string)(await hone.Json(["submit", file, .. there]))["study"]!);
        Assert.Equal("done", (string)(await hone.Json(["watch", "zdt", "--out", _scratch["watched"], .. there]))["phase"]!);
        await hone.Json(["export", "zdt", "--out", _scratch["exported"], .. there]);
        await hone.Json("export", "zdt", "--out", _scratch["local"]);
        foreach (string name in new[] { "front.json", "trials.jsonl", "front.csv", "report.html", "models/1/manifest.json" })
        {
            Assert.Equal(File.ReadAllText(_scratch[$"local/{name}"]), File.ReadAllText(_scratch[$"exported/{name}"]));
            Assert.Equal(File.ReadAllText(_scratch[$"local/{name}"]), File.ReadAllText(_scratch[$"watched/{name}"]));
        }
        Assert.Equal(File.ReadAllText(_scratch["local/front.json"]), (await hone.Hone(["front", "zdt", "--json", .. there])).Out);
        Assert.Equal("zdt", (string)(await hone.Json(["list", .. there]))[0]!["study"]!);
        Assert.Equal("done", (string)(await hone.Json(["status", "zdt", .. there]))["phase"]!);
        Assert.Equal("0", (string)(await hone.Json(["explain", "0", .. there]))["trial"]!["ordinal"]!.ToString());
        JsonNode extended = await hone.Json(["extend", "zdt", "--trials", "40", .. there]);
        Assert.Equal(("40", "true"), (extended["budget"]!.ToString(), extended["worker"]!.ToString()));
        Assert.Equal("done", (string)(await hone.Json(["run", file, "--out", _scratch["again"], .. there]))["phase"]!);
        Assert.Equal(40, File.ReadLines(_scratch["again/trials.jsonl"]).Count(l => l.Contains("\"measurements\"", StringComparison.Ordinal)));

        // What the cluster refuses is its own line, with the exit code it has there.
        await hone.Refused(1, "did you mean 'zdt'?", ["status", "ztd", .. there]);
        await hone.Refused(1, "it is done", ["pause", "zdt", .. there]);
        await hone.Refused(2, "a budget can only be raised", ["extend", "zdt", "--trials", "9", .. there]);
        await hone.Refused(2, "expected an ordinal", ["explain", "4000", "--study", "zdt", .. there]);
        await hone.Refused(1, "run no operation", ["retarget", "zdt", "--device", "kv260", .. there]);
        await hone.Refused(1, "role", ["token", "list", .. there]);
        await hone.Refused(1, "does not answer", "list", "--server", "http://127.0.0.1:9", "--token-file", token);

        // Revoked by the admin of the run; worthless within seconds.
        Assert.Contains(await Tokens(hone, url), t => (string)t["id"]! == (string)made["id"]! && (string)t["role"]! == "operator");
        await hone.Json("token", "revoke", (string)made["id"]!, "--server", url);
        long start = TimeProvider.System.GetTimestamp();
        (int Code, string Out, string Error) last;
        do last = await hone.Hone(["list", .. there]);
        while (last.Code == 0 && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20));
        Assert.Equal(1, last.Code);
        Assert.Contains("expected a good token", last.Error);
    }

    private static async Task<List<JsonNode>> Tokens(BuiltCommand hone, string url) => [.. (await hone.Json("token", "list", "--server", url)).AsArray().Select(t => t!)];
}
