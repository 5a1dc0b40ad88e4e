using System.Text;
using System.Text.Json.Nodes;
using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Hone.Studies;

namespace Hone.Cluster.Tests.Running;

/// <summary>Questions to a study that was run by a silo: candidates that cost matrix products on a board, and nothing to train.</summary>
public class AnalysisTests
{
    private const double MostMs = 0.027;

    private static string Spec(string name, string devices, string objectives, string cost, string constraints = "[]") => StudyJson.Canonical(JsonNode.Parse(
        $$$"""{"study":"{{{name}}}","method":"synthetic","data":{"name":"none"},"model":{"problem":"zdt1","variables":6,"cost":"{{{cost}}}"},"devices":[{{{devices}}}],"objectives":{{{objectives}}},"constraints":{{{constraints}}},"search":{"algorithm":"random","population":8,"window":3},"budget":{"trials":40},"finish":{"members":3},"seed":3}""")!);

    private static string Priced(string name) => Spec(name, "\"zcu102-eighth\"", """[{"metric":"f1"},{"metric":"latency_ms"}]""", "gemm", $$"""[{"metric":"latency_ms","at_most":{{FormattableString.Invariant($"{MostMs}")}}}]""");

    private static async Task<IStudyGrain> Run(LocalSilo silo, string name, string spec)
    {
        IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>(name);
        Assert.Null((await study.Submit(spec)).Error);
        Assert.Equal(StudyPhase.Done, (await silo.Follow(name)).Status.Phase);
        return study;
    }

    private static async Task<List<RetargetUpdate>> Retarget(IStudyGrain study, string device, params Constraint[] limits)
    {
        List<RetargetUpdate> updates = [];
        await foreach (RetargetUpdate update in study.Retarget(new DeviceSpec(device, null, []), limits.ToValueList())) updates.Add(update);
        return updates;
    }

    private static JsonNode Read(string root, BlobId blob)
    {
        using var reader = new StreamReader(new FolderBlobStore(root).Open(blob), Encoding.UTF8);
        return JsonNode.Parse(reader.ReadToEnd())!;
    }

    private static int[] Ordinals(JsonNode? members) => members is null ? [] : [.. members.AsArray().Select(m => (int)m!["ordinal"]!)];

    [Fact]
    public async Task AStudyIsExplainedAndRetargetedAndItsCostsLieBesideItsFront()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        IStudyGrain study = await Run(silo, "priced", Priced("priced"));
        StudyStatus status = await study.Status();
        JsonNode front = Read(status.BlobRoot, status.Artifacts.First(a => a.Path == "front.json").Blob), costs = Read(status.BlobRoot, status.Artifacts.First(a => a.Path == "costs.json").Blob);
        int[] kept = Ordinals(front["members"]), demoted = Ordinals(front["demoted"]);
        Assert.InRange(kept.Length, 1, 3);
        Assert.Equal([.. kept, .. demoted], Ordinals(costs["devices"]![0]!["members"]));

        // The journal priced on the other board by hand, its front by comparing all with all.
        var (_, lines) = await silo.Follow("priced");
        IStudy opened = StudyCatalog.Open(SpecText.Parse(Priced("priced")));
        IDevice board = DeviceCatalog.Open(new DeviceSpec("kv260", null, []));
        JsonNode[] trials = [.. lines.Select(l => JsonNode.Parse(l)!)];
        int rejected = trials.Count(t => t["rejected"] is not null);
        Assert.InRange(rejected, 1, trials.Length - 20);
        (int Ordinal, double F1, double Ms)[] priced = [.. trials.Where(t => t["measurements"] is not null).Select(t => ((int)t["ordinal"]!,
            (double)t["measurements"]!.AsArray().First(m => (string)m!["metric"]! == "f1")!["value"]!, board.Price(Schedule.Once(opened.Lower(opened.Space.Parse((string)t["key"]!)))).Value("latency_ms")!.Value))];
        int[] Best(double most) => [.. priced.Where(p => p.F1 <= most && p.Ms <= MostMs && !priced.Any(q => q.F1 <= p.F1 && q.Ms <= p.Ms && (q.F1 < p.F1 || q.Ms < p.Ms))).Select(p => p.Ordinal).Order()];
        List<RetargetUpdate> updates = await Retarget(study, "kv260");
        RetargetUpdate last = updates[^1];
        Assert.Null(last.Error);
        Assert.Equal(lines.Count, updates.Sum(u => u.Trials.Count));
        Assert.Equal(Best(double.PositiveInfinity), Ordinals(Read(last.BlobRoot, last.Front!.Value)["members"]).Order());
        Assert.Equal((rejected, "zcu102-eighth"), (last.Unmeasured, Assert.Single(last.Devices)));
        Assert.Equal(kept.Order(), last.Exported);   // demoted ones were finished too, and are not exported
        JsonNode moved = Read(last.BlobRoot, last.Costs!.Value)["devices"]![0]!;
        Assert.Equal(("kv260", 5), ((string)moved["device"]!, moved["hostTimes"]!.AsArray().Count));

        // A limit on what the study measures itself, and one that nobody measures.
        RetargetUpdate limited = (await Retarget(study, "kv260", new Constraint("f1", Side.AtMost, 0.4)))[^1];
        Assert.NotEqual(Best(0.4), Best(double.PositiveInfinity));
        Assert.Equal(Best(0.4), Ordinals(Read(limited.BlobRoot, limited.Front!.Value)["members"]).Order());
        RetargetUpdate misspelt = Assert.Single(await Retarget(study, "kv260", new Constraint("latency_sm", Side.AtMost, 1)));
        Assert.Equal(2, misspelt.ExitCode);
        Assert.Contains("did you mean 'latency_ms'", misspelt.Error);
        Assert.Equal(2, Assert.Single(await Retarget(study, "kv620")).ExitCode);

        // Explained: where it stands in the search, what finishing made of it, and what its operations cost.
        Explanation best = (await study.Explain($"{kept[0]}")).Explanation!;
        Assert.Equal(("on-front", "exported"), (best.Standing, best.Final));
        Assert.Equal(6, Assert.Single(best.Priced).Quote.Ops.Count);
        foreach (int ordinal in demoted) Assert.Equal("demoted", (await study.Explain($"{ordinal}")).Explanation!.Final);
        Explanation no = (await study.Explain($"{trials.First(t => t["rejected"] is not null)["ordinal"]}")).Explanation!;
        Assert.Equal(("rejected", null), (no.Standing, no.Final));
        Assert.Contains("latency_ms", no.Reason);
        Explained bad = await study.Explain("x1=2");
        Assert.Equal((null, 2), (bad.Explanation, bad.ExitCode));
    }

    [Fact]
    public async Task ADeviceThatCannotPriceAnOperationIsRefusedWithItsNameAndExitCodeOne()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        IStudyGrain study = await Run(silo, "recurrent", Spec("recurrent", "", """[{"metric":"f1"},{"metric":"f2"}]""", "recurrent"));
        RetargetUpdate refused = Assert.Single(await Retarget(study, "kv260"));
        Assert.Equal((1, null), (refused.ExitCode, refused.Front));
        Assert.Contains("kv260 cannot run 'recurrent'", refused.Error);
        Assert.Contains("choose a device", refused.Error);
    }
}
