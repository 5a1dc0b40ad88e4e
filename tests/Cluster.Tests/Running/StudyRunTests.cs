using System.Text;
using System.Text.Json.Nodes;
using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Hone.Search;
using Hone.Studies;

namespace Hone.Cluster.Tests.Running;

public class StudyRunTests
{
    internal static string Spec(string name = "zdt", int trials = 60, string problem = "zdt1", string algorithm = "nsga2", string extra = "") => StudyJson.Canonical(JsonNode.Parse(
        $$"""{"study":"{{name}}","method":"synthetic","data":{"name":"none"},"model":{"problem":"{{problem}}","variables":8},"objectives":[{"metric":"f1"},{"metric":"f2"}],"search":{"algorithm":"{{algorithm}}","population":8,"window":3},"budget":{"trials":{{trials}}},"seed":3{{extra}}}""")!);

    /// <summary>A study whose evaluations take a moment: each is a job, and is remembered.</summary>
    internal static string Dear(string name = "zdt", int trials = 60, int milliseconds = 1) =>
        Spec(name, trials).Replace("\"model\":{", $"\"model\":{{\"pause_ms\":{milliseconds},", StringComparison.Ordinal);

    /// <summary>A study with rungs; where it is trained by steps each evaluation is a job with checkpoints, else many go into one.</summary>
    internal static string Halving(string name = "zdt", int trials = 60, bool trained = false, int window = 3) => Spec(name, trials, algorithm: "halving")
        .Replace("\"model\":{", $"\"model\":{{\"fidelity_bias\":0.5,{(trained ? "\"steps\":9," : "")}", StringComparison.Ordinal).Replace("\"window\":3", $"\"window\":{window}", StringComparison.Ordinal);

    /// <summary>The journal that a plain loop gives, without grains, slots or storage.</summary>
    internal static List<string> WithoutACluster(string text, string scratch)
    {
        StudySpec spec = SpecText.Parse(text);
        IStudy study = StudyCatalog.Open(spec);
        using IStudyWork work = study.Work(new WorkPlace(new FolderBlobStore(scratch), new DataLocator(Surroundings.OfThisMachine()), TimeProvider.System));
        BlobId shared = work.Prepare(null, (_, _) => { }, new Progress<Progress>(), default);
        var loop = new SearchLoop(SearcherCatalog.Create(spec.Search, study.Space, spec.Objectives, spec.Seed),
            spec.Objectives, spec.Search.Window, spec.Budget.Trials);
        return loop.Run(asked => new Outcome.Evaluated(work.Evaluate(shared, asked.Candidate, study.SearchImages, CandidateTraining.Of(spec.Search.Share(asked.Fidelity)), default).Measurements)).Select(t => StudyJson.Line(t, study.Space)).ToList();
    }

    [Fact]
    public async Task TheClusterWritesTheJournalThatAPlainLoopWrites()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 2);
        StudyStatus submitted = await silo.Grains.GetGrain<IStudyGrain>("zdt").Submit(Spec());
        Assert.Null(submitted.Error);
        var (status, lines) = await silo.Follow("zdt");
        Assert.Equal(StudyPhase.Done, status.Phase);
        Assert.Equal(60, status.Counts.Evaluated);
        Assert.Equal(WithoutACluster(Spec(), scratch.Folder), lines);
    }

    [Fact]
    public async Task TheFrontAndItsMembersLieInTheBlobStore()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        await silo.Grains.GetGrain<IStudyGrain>("zdt").Submit(Spec());
        var (status, _) = await silo.Follow("zdt");
        var blobs = new FolderBlobStore(status.BlobRoot);
        using var reader = new StreamReader(blobs.Open(status.Artifacts.First(a => a.Path == "front.json").Blob), Encoding.UTF8);
        JsonArray members = (JsonArray)JsonNode.Parse(await reader.ReadToEndAsync())!["members"]!;
        Assert.NotEmpty(members);
        Assert.Equal(members.Count, status.Artifacts.Count(a => a.Path.EndsWith("manifest.json", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ASiloStoppedInSearchAndStartedAgainGoesOnWithTheSameJournal(bool halving)
    {
        using var scratch = new Scratch();
        string spec = halving ? Halving(trials: 400) : Spec(trials: 400);
        int seen = 0;
        await using (LocalSilo silo = await LocalSilo.Start(scratch.Folder))
        {
            await silo.Grains.GetGrain<IStudyGrain>("zdt").Submit(spec);
            await foreach (StudyUpdate update in silo.Grains.GetGrain<IStudyGrain>("zdt").Watch(0))
                if ((seen += update.Trials.Count) > 20) break;
        }
        Assert.InRange(seen, 21, 399);
        await using LocalSilo again = await LocalSilo.Start(scratch.Folder);
        var (status, lines) = await again.Follow("zdt");
        Assert.Equal(StudyPhase.Done, status.Phase);
        Assert.Equal(WithoutACluster(spec, scratch.Folder), lines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARaisedBudgetExtendsTheJournalAndKeepsItsPrefix(bool halving)
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        await silo.Grains.GetGrain<IStudyGrain>("zdt").Submit(halving ? Halving(trials: 30) : Spec(trials: 30));
        var (_, shorter) = await silo.Follow("zdt");
        await silo.Grains.GetGrain<IStudyGrain>("zdt").Submit(halving ? Halving(trials: 50) : Spec(trials: 50));
        var (status, longer) = await silo.Follow("zdt");
        Assert.Equal(50, status.Counts.Evaluated);
        Assert.Equal(shorter, longer.Take(shorter.Count));
    }

    [Fact]
    public async Task ASpecificationThatDiffersOrIsWrongIsRefusedInOneLine()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>("zdt");
        await study.Submit(Spec(trials: 20));
        StudyStatus differs = await study.Submit(Spec(trials: 20, problem: "zdt2"));
        Assert.Equal(2, differs.ExitCode);
        Assert.Contains("model", differs.Error);
        StudyStatus shrunk = await study.Submit(Spec(trials: 10));
        Assert.Contains("budget.trials", shrunk.Error);
        StudyStatus wrong = await silo.Grains.GetGrain<IStudyGrain>("other").Submit(Spec("other", problem: "zdt9"));
        Assert.Contains("model.problem", wrong.Error);
        Assert.Equal(2, wrong.ExitCode);
    }

    [Fact]
    public async Task ACandidateKnownFromAnotherStudyIsAnsweredFromMemory()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        await silo.Grains.GetGrain<IStudyGrain>("one").Submit(Dear("one"));
        var (_, first) = await silo.Follow("one");
        StudySpec spec = SpecText.Parse(Dear("one"));
        string supernet = BlobId.Of(Encoding.UTF8.GetBytes(StudyCatalog.Open(spec).Shared)).Hex;
        string key = JsonNode.Parse(first[0])!["key"]!.ToString();
        Assert.NotNull(await silo.Grains.GetGrain<ISubnetGrain>($"{supernet}/1/{key}").Recall());
        await silo.Grains.GetGrain<IStudyGrain>("two").Submit(Dear("two"));
        var (_, second) = await silo.Follow("two");
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task WhatCostsNothingIsEvaluatedManyToAJobAndNotRemembered()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 2);
        string text = Spec(trials: 1_000).Replace("\"window\":3", "\"window\":256", StringComparison.Ordinal);
        await silo.Grains.GetGrain<IStudyGrain>("zdt").Submit(text);
        var (status, lines) = await silo.Follow("zdt");
        Assert.Equal(StudyPhase.Done, status.Phase);
        Assert.Equal(WithoutACluster(text, scratch.Folder), lines);
        string supernet = BlobId.Of(Encoding.UTF8.GetBytes(StudyCatalog.Open(SpecText.Parse(text)).Shared)).Hex;
        Assert.Null(await silo.Grains.GetGrain<ISubnetGrain>($"{supernet}/1/{JsonNode.Parse(lines[0])!["key"]}").Recall());
    }

    [Fact]
    public async Task ATrialIsExplainedAndAStudyWithoutDevicesIsNotRetargeted()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>("zdt");
        await study.Submit(Spec(trials: 20));
        await silo.Follow("zdt");
        Explanation explanation = (await study.Explain("7")).Explanation!;
        Assert.Equal(7, explanation.Trial!.Ordinal);
        Assert.Equal(explanation.Standing == "dominated", explanation.Dominators.Count > 0);
        Explained beyond = await study.Explain("4000");
        Assert.Contains("below", beyond.Error);
        Assert.Equal(2, beyond.ExitCode);
        Assert.Contains("none of that name", (await silo.Grains.GetGrain<IStudyGrain>("other").Explain("7")).Error);
        List<RetargetUpdate> updates = [];
        await foreach (RetargetUpdate update in study.Retarget(new DeviceSpec("zcu102", null, []), [])) updates.Add(update);
        Assert.Contains("nothing to retarget", Assert.Single(updates).Error);
    }

    [Fact]
    public async Task SlotHoursCutAPrefixToo()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 2);
        IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>("zdt");
        await study.Submit(Dear(trials: 50_000).Replace("\"budget\":{", "\"budget\":{\"slot_hours\":0.0001,", StringComparison.Ordinal));
        var (status, lines) = await silo.Follow("zdt");
        Assert.Contains("after 0.0001 slot-hours", status.Reason);
        Assert.InRange(status.Counts.Evaluated, 1, 2_000);   // 0.36 s of jobs that take a millisecond and more
        string[] unlimited = [.. WithoutACluster(Dear(trials: status.Counts.Evaluated), scratch.Folder)];
        Assert.Equal(unlimited, lines.Take(unlimited.Length));
    }

    [Fact]
    public async Task MinutesCutAPrefixAndMoreOfThemGoOn()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 2);
        IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>("zdt");
        await study.Submit(Timed(0.02));
        var (status, lines) = await silo.Follow("zdt");
        Assert.Equal(StudyPhase.Done, status.Phase);
        Assert.Contains("after 0.02 minutes", status.Reason);
        Assert.InRange(status.Counts.Evaluated, 1, 49_999);
        string[] untimed = [.. WithoutACluster(Spec(trials: status.Counts.Evaluated), scratch.Folder)];
        Assert.Equal(untimed, lines.Take(untimed.Length));
        Assert.Null((await study.Submit(Timed(0.04))).Error);
        var (further, all) = await silo.Follow("zdt");
        Assert.True(further.Counts.Evaluated > status.Counts.Evaluated, $"{further.Counts.Evaluated} trials");
        Assert.Equal(lines, all.Take(lines.Count));

        static string Timed(double minutes) => Spec(trials: 50_000).Replace("\"budget\":{", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\"budget\":{{\"minutes\":{minutes},"), StringComparison.Ordinal);
    }
}
