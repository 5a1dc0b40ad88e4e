using System.Text;
using System.Text.Json.Nodes;
using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Hone.Studies;

namespace Hone.Cluster.Tests.Running;

/// <summary>Studies with rungs, from the specification to the exported members.</summary>
public class HalvingRunTests
{
    private static JsonNode Read(StudyStatus status, string path)
    {
        using Stream file = new FolderBlobStore(status.BlobRoot).Open(status.Artifacts.First(a => a.Path == path).Blob);
        return JsonNode.Parse(file)!;
    }

    private static int? Fidelity(string line) => (int?)JsonNode.Parse(line)!["fidelity"];

    [Theory]
    [InlineData(false, 1, 3, 90)]
    [InlineData(false, 2, 64, 300)]   // promotions lag behind by the window
    [InlineData(true, 3, 3, 90)]
    public async Task HoweverManySlotsEvaluateTheJournalIsThatOfAPlainLoop(bool trained, int slots, int window, int trials)
    {
        using var scratch = new Scratch();
        string spec = StudyRunTests.Halving(trials: trials, trained: trained, window: window);
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots);
        Assert.Null((await silo.Grains.GetGrain<IStudyGrain>("zdt").Submit(spec)).Error);
        var (status, lines) = await silo.Follow("zdt");
        Assert.Equal((StudyPhase.Done, trials, null), (status.Phase, status.Counts.Evaluated, status.Reason));
        Assert.Equal(StudyRunTests.WithoutACluster(spec, scratch.Folder), lines);
        Assert.Equal([0, 1, 2], lines.Select(Fidelity).Distinct().Order());
    }

    [Fact]
    public async Task MembersAreTrainedThroughAndExportWhatTheirEvaluationTrained()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 2);
        await silo.Grains.GetGrain<IStudyGrain>("zdt").Submit(StudyRunTests.Halving(trials: 90, trained: true));
        var (status, lines) = await silo.Follow("zdt");
        JsonNode front = Read(status, "front.json");
        Assert.Equal(2, (int)front["fidelity"]!);
        JsonArray members = front["members"]!.AsArray();
        Assert.NotEmpty(members);
        for (int i = 0; i < members.Count; i++)
        {
            Assert.Equal(2, Fidelity(lines[(int)members[i]!["ordinal"]!]));
            Assert.Equal($"{members[i]!["key"]} at 1", (string)Read(status, $"models/{i + 1}/manifest.json")["trained"]!);
        }
        Assert.Equal("lower-rung", (await silo.Grains.GetGrain<IStudyGrain>("zdt").Explain("0")).Explanation!.Standing);
    }

    [Fact]
    public async Task AFrontOfWhichNothingIsTrainedThroughSaysSo()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        await silo.Grains.GetGrain<IStudyGrain>("zdt").Submit(StudyRunTests.Halving(trials: 8));
        var (status, lines) = await silo.Follow("zdt");
        Assert.Equal(1, lines.Max(Fidelity));
        Assert.Equal(1, (int)Read(status, "front.json")["fidelity"]!);
        Assert.Contains("no candidate was trained through: the front is drawn from rung 1 of 0 to 2, one part in 3", status.Reason);
    }

    [Fact]
    public async Task WhatIsRememberedOfACandidateIsOfItsShareOfTheTraining()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 2);
        string text = StudyRunTests.Halving("one", trials: 60, trained: true);
        await silo.Grains.GetGrain<IStudyGrain>("one").Submit(text);
        var (_, lines) = await silo.Follow("one");
        string supernet = BlobId.Of(Encoding.UTF8.GetBytes(StudyCatalog.Open(SpecText.Parse(text)).Shared)).Hex;
        foreach (var (rung, part) in new[] { (0, "1@9"), (1, "1@3"), (2, "1") })
        {
            Trial trial = TrialLine.Parse(lines.Last(l => Fidelity(l) == rung)).Trial;
            JobResult known = (await silo.Grains.GetGrain<ISubnetGrain>($"{supernet}/{part}/{trial.Key}").Recall())!;
            Assert.Equal(trial.Measurements, known.Measurements);
        }
        // Two rungs, each three times the one below, are the upper two of three: another study's trial is answered by what was trained as long.
        string two = StudyRunTests.Halving("two", trials: 20, trained: true).Replace("\"search\":{", "\"search\":{\"rungs\":2,", StringComparison.Ordinal);
        await silo.Grains.GetGrain<IStudyGrain>("two").Submit(two);
        var (_, again) = await silo.Follow("two");
        Assert.Equal(StudyRunTests.WithoutACluster(two, scratch.Folder), again);
    }
}
