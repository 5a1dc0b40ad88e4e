using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Data;
using Hone.Grains;
using Hone.Model;
using Hone.Silo.Blobs;
using Hone.Silo.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Cluster.Tests.Blobs;

public class CollectTests
{
    private static readonly TimeSpan TwoDays = TimeSpan.FromDays(2);

    private static async Task<BlobSurvey> Survey(LocalSilo silo, bool remove, TimeSpan? age = null)
    {
        List<BlobSurvey> surveys = [];
        await foreach (BlobSurvey survey in silo.Grains.GetGrain<IBlobGrain>("all").Survey(age ?? BlobAge.Usual, remove)) surveys.Add(survey);
        return Assert.Single(surveys);
    }

    [Fact]
    public async Task AStudyHasAllItsFilesAfterACollectionAndGoesOn()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>("zdt");
        await study.Submit(StudyRunTests.Spec(trials: 30));
        var (status, shorter) = await silo.Follow("zdt");
        BlobId[] needed = [.. status.Artifacts.Select(a => a.Blob).Distinct()];
        string root = status.BlobRoot;
        BlobId old = silo.Blobs.Put("nobody names this"u8);
        AgedBlobs.All(root, TwoDays);
        BlobId young = silo.Blobs.Put("nor this, yet"u8);

        BlobSurvey counted = await Survey(silo, remove: false);
        Assert.Null(counted.Problem);
        Assert.Equal((1, 17L, false), (counted.Old, counted.OldBytes, counted.Removed));
        Assert.True(silo.Blobs.Has(old));
        BlobSurvey gone = await Survey(silo, remove: true);
        Assert.Equal((counted.Count, counted.Reachable, 1), (gone.Count, gone.Reachable, gone.Old));
        Assert.Equal((false, true), (silo.Blobs.Has(old), silo.Blobs.Has(young)));
        Assert.InRange(gone.Reachable, needed.Length, counted.Count - 2);
        foreach (BlobId blob in needed) await silo.Blobs.Open(blob).DisposeAsync();   // each is checked against its name
        Assert.Equal(0, (await Survey(silo, remove: true)).Old);

        Assert.Null((await study.Extend(40)).Error);
        var (longer, lines) = await silo.Follow("zdt");
        Assert.Equal((StudyPhase.Done, 40), (longer.Phase, longer.Counts.Evaluated));
        Assert.Equal(shorter, lines.Take(shorter.Count));
    }

    [Fact]
    public async Task ACheckpointOfATrainingThatRunsIsNeededHoweverOldItIs()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 0);
        await silo.Grains.GetGrain<IStudyGrain>("zdt").Submit(StudyRunTests.Spec());
        IJobQueueGrain queue = silo.Grains.GetGrain<IJobQueueGrain>("cpu");
        JobLease? lease = null;
        for (int i = 0; i < 600 && lease is null; i++, await Task.Delay(20)) lease = await queue.Lease(new SlotInfo("test/0", "class a"));
        BlobId checkpoint = silo.Blobs.Put("step 10"u8), unnamed = silo.Blobs.Put("step 11"u8);
        await queue.Checkpoint(lease!, new TrainingCheckpoint(checkpoint, 10, "class a", null));
        AgedBlobs.All(Path.Combine(scratch.Folder, ClusterAddress.BlobFolder), TwoDays);
        Assert.Equal((1, 1), ((await Survey(silo, remove: true)) is var s ? (s.Reachable, s.Old) : default));
        Assert.Equal((true, false), (silo.Blobs.Has(checkpoint), silo.Blobs.Has(unnamed)));
    }

    [Fact]
    public async Task WhereAStudyThatIsNotTrainedCannotBeOpenedNothingGoes()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        IStudyGrain strange = silo.Grains.GetGrain<IStudyGrain>("strange");
        string spec = StudyRunTests.Spec("strange").Replace("synthetic", "of-tomorrow", StringComparison.Ordinal);
        await silo.Storage.WriteStateAsync("study", strange.GetGrainId(), new GrainState<StudyState>(new StudyState { Spec = spec, Phase = StudyPhase.Paused }));
        await silo.Grains.GetGrain<IStudyIndexGrain>("all").Add("strange", false);
        BlobId old = silo.Blobs.Put("whose is this?"u8);
        AgedBlobs.All(Path.Combine(scratch.Folder, ClusterAddress.BlobFolder), TwoDays);
        BlobSurvey survey = await Survey(silo, remove: true);
        Assert.Contains("strange: expected a study that this build can open", survey.Problem);
        Assert.Equal((1, 0), (survey.Count, survey.Old));
        Assert.True(silo.Blobs.Has(old));
    }

    [Fact]
    public async Task AControlSiloCollectsEachHour()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 0);
        BlobId old = silo.Blobs.Put("nobody names this"u8);
        AgedBlobs.All(Path.Combine(scratch.Folder, ClusterAddress.BlobFolder), TwoDays);
        var clock = new FakeTimeProvider();
        using var collector = new BlobCollector(silo.Grains, new SiloOptions(Role.Both, null, "hone", scratch.Folder, null, 0, "", null, false, null), clock, NullLogger<BlobCollector>.Instance);
        await collector.StartAsync(default);
        for (int i = 0; silo.Blobs.Has(old); i++, await Task.Delay(20))
        {
            Assert.True(i < 500, "it is still there");
            clock.Advance(TimeSpan.FromMinutes(5));   // the first steps may come before its timer is there
        }
        await collector.StopAsync(default);
    }

    [Fact]
    public async Task WhatMayBeOnItsWayIsNotCollected()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 0);
        Assert.Contains("at least 1 h", (await Assert.ThrowsAnyAsync<Exception>(() => Survey(silo, remove: true, TimeSpan.FromMinutes(59)))).Message);
        IBlobGrain blobs = silo.Grains.GetGrain<IBlobGrain>("all");
        Assert.True(await blobs.Due(TimeSpan.FromHours(1)));
        Assert.False(await blobs.Due(TimeSpan.FromHours(1)));   // another control silo has done it
    }
}
