using Hone.Client.Verbs;

namespace Hone.Client.Tests.Verbs;

public sealed class CommandLineTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private static async Task<(int Code, string Out, string Error)> Hone(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = await HoneCommand.RunAsync(args, new Terminal(output, error, Live: false));
        return (code, output.ToString(), error.ToString());
    }

    [Theory]
    [InlineData("rnu", "'run'")]
    [InlineData("statsu", "'status'")]
    public async Task AnUnknownVerbExitsTwoAndNamesTheNearest(string verb, string near)
    {
        var (code, _, error) = await Hone(verb);
        Assert.Equal(2, code);
        Assert.Contains(near, error);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task AnUnknownOptionExitsTwoAndNamesTheNearest()
    {
        var (code, _, error) = await Hone("run", "x.yaml", "--data-dri", "y");
        Assert.Equal(2, code);
        Assert.Contains("'--data-dir'", error);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("verify")]
    [InlineData("data", "get")]
    [InlineData("data")]
    [InlineData("device")]
    [InlineData("device", "calibrate")]
    [InlineData()]
    [InlineData("run", "x.yaml", "--slots", "many")]
    [InlineData("retarget", "study")]
    [InlineData("retarget", "study", "--device", "kv260", "--at-most", "latency_ms")]
    [InlineData("retarget", "study", "--device", "kv260", "--at-most", "latency_ms=fast")]
    [InlineData("retarget", "study", "--device", "kv260", "--at-most", "latency_ms=0,4")]
    [InlineData("retarget", "study", "--device", "kv260", "--at-most", "latency_ms=NaN")]
    [InlineData("retarget", "study", "--device", "kv260", "--at-least", "accuracy=1e999")]
    [InlineData("retarget", "study", "--device", "kv260", "--set", "engine")]
    [InlineData("explain")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("stop")]
    [InlineData("extend", "zdt")]
    [InlineData("extend", "zdt", "--trials", "more")]
    [InlineData("extend", "--trials", "9")]
    [InlineData("export", "zdt")]
    [InlineData("export", "zdt", "--out", "x", "--members", "best")]
    [InlineData("blobs")]
    [InlineData("blobs", "gc", "--older-than", "soon")]
    [InlineData("blobs", "gc", "--older-than", "0.5h")]
    public async Task AnIncompleteOrWrongRequestExitsTwoInOneLine(params string[] args)
    {
        var (code, _, error) = await Hone(args);
        Assert.Equal(2, code);
        Assert.StartsWith("hone: ", error);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("submit")]
    [InlineData("list")]
    [InlineData("status")]
    [InlineData("watch")]
    [InlineData("front")]
    [InlineData("explain")]
    [InlineData("retarget")]
    [InlineData("verify")]
    [InlineData("data", "get")]
    [InlineData("device", "list")]
    [InlineData("device", "calibrate")]
    [InlineData("bench")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("stop")]
    [InlineData("extend")]
    [InlineData("export")]
    [InlineData("blobs", "status")]
    [InlineData("blobs", "gc")]
    [InlineData("token", "create")]
    [InlineData("token", "revoke")]
    [InlineData("token", "list")]
    [InlineData("token", "show")]
    public async Task EveryVerbHasHelpAndJson(params string[] verb)
    {
        var (code, output, _) = await Hone([.. verb, "--help"]);
        Assert.Equal(0, code);
        Assert.Contains("--json", output);
    }

    [Fact]
    public async Task ABadStudyExitsTwoBeforeAnythingIsMade()
    {
        string study = _scratch.Write("bad.yaml", "study: x\nmethod: quasar-vit\nobjectivs: []\n");
        var (code, _, error) = await Hone("run", study, "--out", _scratch["out"], "--data-dir", _scratch["hone"]);
        Assert.Equal(2, code);
        Assert.Contains("objectives", error);
        Assert.DoesNotContain("   at ", error);
        Assert.Equal([study], Directory.GetFileSystemEntries(_scratch.Root));
    }

    [Fact]
    public async Task AMissingDataFolderIsAFailureThatSaysWhatToDo()
    {
        var (code, _, error) = await Hone("list", "--data-dir", _scratch["none"]);
        Assert.Equal(1, code);
        Assert.Contains("cluster.json", error);
    }

    [Fact]
    public async Task AnUnknownDataSetExitsTwo()
    {
        var (code, _, error) = await Hone("data", "get", "fashion-mnits");
        Assert.Equal(2, code);
        Assert.Contains("fashion-mnist", error);
    }

    [Fact]
    public async Task VerifyingAFolderWithoutAManifestFailsInOneLine()
    {
        var (code, _, error) = await Hone("verify", _scratch.Root);
        Assert.Equal(1, code);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task AFrontIsReadFromItsFolder()
    {
        _scratch.Write("front.json", Samples.FrontText);
        var (code, output, _) = await Hone("front", _scratch.Root);
        Assert.Equal(0, code);
        Assert.Contains("latency (ms)", output);
        Assert.Contains("modelled, zcu102", output);
        (_, output, _) = await Hone("front", _scratch.Root, "--json");
        Assert.Equal(Samples.FrontText, output);
    }
}
