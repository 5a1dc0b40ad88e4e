using Hone.Contracts;
using Hone.Model;

namespace Hone.Cluster.Tests.Running;

/// <summary>A silo without slots, and the test in a slot's place.</summary>
public sealed class SlotlessTests : IAsyncLifetime
{
    private static readonly SlotInfo Here = new("test/0", "class a"), Elsewhere = new("test/1", "class b");
    private readonly Scratch _scratch = new();
    private LocalSilo _silo = null!;

    private IJobQueueGrain Queue => _silo.Grains.GetGrain<IJobQueueGrain>("cpu");

    private IStudyGrain Study => _silo.Grains.GetGrain<IStudyGrain>("zdt");

    public async ValueTask InitializeAsync() => _silo = await LocalSilo.Start(_scratch.Folder, slots: 0);

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _scratch.Dispose();
    }

    private async Task<JobLease> Lease(SlotInfo slot)
    {
        for (int i = 0; i < 600; i++, await Task.Delay(20))
            if (await Queue.Lease(slot) is { } lease) return lease;
        throw new TimeoutException("no job came");
    }

    private async Task<StudyStatus> Comes(Func<StudyStatus, bool> it)
    {
        for (int i = 0; i < 600; i++, await Task.Delay(20))
            if (await Study.Status() is var status && it(status)) return status;
        throw new TimeoutException($"it stayed at {await Study.Status()}");
    }

    private async Task Emptied()
    {
        for (int i = 0; i < 600; i++, await Task.Delay(20))
            if ((await Queue.Status()).Waiting == 0) return;
        throw new TimeoutException($"the queue stayed at {await Queue.Status()}");
    }

    /// <summary>A study in search, its shared part given by the test.</summary>
    private async Task InSearch(BlobId? data = null)
    {
        await Study.Submit(StudyRunTests.Dear());
        await Queue.Complete(await Lease(Here), new JobResult(Shared: _silo.Blobs.Put("weights"u8), Numerics: Here.Numerics, Data: data));
    }

    private static JobResult Measured(double value) => new(Measurements: [new("f1", value, "1", Origin.Simulated), new("f2", 1 - value, "1", Origin.Simulated)], Correct: new byte[8], Numerics: Here.Numerics);

    [Fact]
    public async Task FiveLostLeasesPauseAStudyWithTheReasonAndNoneOfThemIsAnOutcome()
    {
        await InSearch();
        string? lost = null;
        for (int i = 1; i <= 5; i++)
        {
            JobLease lease = await Lease(Here);   // the lost one comes first again
            Assert.Equal(lost ??= lease.Job.Id, lease.Job.Id);
            await Queue.Release(lease, $"the weights are gone ({i})", drain: false);
        }
        StudyStatus paused = await Comes(s => s.Phase == StudyPhase.Paused);
        Assert.Contains("lost 5 times, at last because: the weights are gone (5)", paused.Reason);
        Assert.Equal(0, paused.Counts.Failed);
        await Emptied();   // the phase is seen before the queue hears of it
        await Study.Resume();
        await Queue.Complete(await Lease(Here), Measured(0.5));
        Assert.Equal(0, (await Comes(s => s.Counts.Evaluated == 1)).Counts.Failed);
    }

    [Fact]
    public async Task AFailureCountsOncePerAttemptHoweverOftenItIsDelivered()
    {
        await InSearch();
        JobLease first = await Lease(Here);
        var failure = new JobFailure("diverged", "NaN");
        for (int i = 0; i < 3; i++) await Queue.Fail(first, failure);
        await Again();
        await Study.Report(new JobReport(first.Job.Id, Failure: failure, Token: first.Token));   // as after a lost answer
        await Queue.Cancel("zdt");
        JobLease last = await Again();   // the study asks once more, so it has not failed
        await Queue.Fail(last, failure);
        Assert.Equal(1, (await Comes(s => s.Counts.Committed > 0)).Counts.Failed);

        async Task<JobLease> Again()
        {
            for (int i = 0; i < 50; i++)
                if (await Lease(Here) is var lease && lease.Job.Id == first.Job.Id) return lease;
            throw new TimeoutException("it did not come again");
        }
    }

    [Fact]
    public async Task FailedTrialsAreRetriedAsFurtherTrialsThatNameThem()
    {
        await InSearch();
        JobLease first = await Lease(Here);
        string key = first.Job.Key;
        for (int i = 0; i < 2; i++)
        {
            JobLease again = i == 0 ? first : await Of(key);
            await Queue.Fail(again, new JobFailure("diverged", "NaN"));
        }
        await Comes(s => s.Counts.Failed == 1);
        Assert.Null((await Study.Retry()).Error);
        await Queue.Complete(await Of(key), Measured(0.25));
        TrialLine line = await Retried();
        Assert.Equal((key, 0.25), (line.Trial.Key, line.Trial.Value("f1")));
        Assert.Contains("there is none", (await Study.Retry()).Error);

        async Task<JobLease> Of(string wanted)
        {
            for (int i = 0; i < 50; i++)
            {
                JobLease lease = await Lease(Here);
                if (lease.Job.Key == wanted) return lease;
                await Queue.Complete(lease, Measured(0.5 + i / 100.0));
            }
            throw new TimeoutException($"{wanted} did not come");
        }

        async Task<TrialLine> Retried()
        {
            await foreach (StudyUpdate update in Study.Watch(0))
                foreach (TrialLine line in update.Trials.AsEnumerable())
                    if (line.Trial.RetryOf is not null) return line;
            throw new TimeoutException("no retry was committed");
        }
    }

    [Fact]
    public async Task OfACheapJobAboutSeveralOneFailureIsTriedAgainAloneAndTheOthersCount()
    {
        await Study.Submit(StudyRunTests.Spec());
        await Queue.Complete(await Lease(Here), new JobResult(Shared: _silo.Blobs.Put("weights"u8), Numerics: Here.Numerics));
        JobLease several = await Lease(Here);
        Assert.True(several.Job.Keys.Count > 1);
        var failure = new JobFailure("diverged", "NaN");
        CandidateResult Found(int i) => new([new("f1", i, "1", Origin.Simulated), new("f2", -i, "1", Origin.Simulated)], new byte[8], i == 1 ? failure : null);
        await Queue.Complete(several, new JobResult(Each: several.Job.Keys.Select((_, i) => Found(i)).ToValueList(), Numerics: Here.Numerics));
        JobLease alone = await Lease(Here);
        while (alone.Job.Key != several.Job.Keys[1]) alone = await Lease(Here);
        await Queue.Fail(alone, failure);
        StudyStatus status = await Comes(s => s.Counts.Failed == 1);
        Assert.True(status.Counts.Evaluated >= several.Job.Keys.Count - 1);
    }

    [Fact]
    public async Task WhatWasBegunInOneNumericsClassIsGoneOnWithInNoOtherFromTheLatestCheckpoint()
    {
        await Study.Submit(StudyRunTests.Spec());
        JobLease lease = await Lease(Here);
        Assert.Null(lease.Job.Numerics);
        BlobId first = _silo.Blobs.Put("step 10"u8), second = _silo.Blobs.Put("step 20"u8), foreign = _silo.Blobs.Put("step 30"u8), data = BlobId.Of("images"u8);
        await Queue.Checkpoint(lease, new TrainingCheckpoint(first, 10, Here.Numerics, data));
        Assert.True(_silo.Blobs.Has(first));
        await Queue.Checkpoint(lease, new TrainingCheckpoint(second, 20, Here.Numerics, data));
        Assert.Equal((true, true), (_silo.Blobs.Has(first), _silo.Blobs.Has(second)));   // the last two are kept
        await Queue.Checkpoint(lease, new TrainingCheckpoint(foreign, 30, Elsewhere.Numerics, data));
        await Queue.Release(lease, "drain", drain: true);
        Assert.Null(await Queue.Lease(Elsewhere));
        JobLease next = await Lease(Here);
        Assert.Equal((second, Here.Numerics, data), (next.Job.Checkpoint, next.Job.Numerics, next.Job.Data));
        Assert.False(_silo.Blobs.Has(foreign));
        await Queue.Complete(next, new JobResult(Shared: _silo.Blobs.Put("weights"u8), Numerics: Here.Numerics));
        Assert.Equal((false, false, true), (_silo.Blobs.Has(first), _silo.Blobs.Has(second), _silo.Blobs.Has(BlobId.Of("weights"u8))));
        await Comes(s => s.Phase == StudyPhase.Search);
        Assert.Null(await Queue.Lease(Elsewhere));
        Assert.Equal(JobKind.Evaluate, (await Lease(Here)).Job.Kind);
        Assert.Equal(["test/0", "test/1"], (await Queue.Status()).Slots);
    }

    [Fact]
    public async Task ACheckpointWhoseBytesAreLostCostsTheStepsSinceTheOneBefore()
    {
        await Study.Submit(StudyRunTests.Spec());
        JobLease lease = await Lease(Here);
        BlobId[] saved = [_silo.Blobs.Put("step 10"u8), _silo.Blobs.Put("step 20"u8), _silo.Blobs.Put("step 30"u8)];
        for (int i = 0; i < 3; i++) await Queue.Checkpoint(lease, new TrainingCheckpoint(saved[i], 10 * (i + 1), Here.Numerics, null));
        Assert.Equal([false, true, true], saved.Select(_silo.Blobs.Has));
        _silo.Blobs.Delete(saved[2]);
        await Queue.Fail(lease, new JobFailure("refused", "blob is not there"));
        await Comes(s => s.Phase == StudyPhase.Failed);
        await Study.Resume();
        JobLease again = await Lease(Here);
        Assert.Equal(saved[1], again.Job.Checkpoint);
        BlobId next = _silo.Blobs.Put("step 25"u8);
        await Queue.Checkpoint(again, new TrainingCheckpoint(next, 25, Here.Numerics, null));   // further than what is left, though not than what was lost
        await Queue.Release(again, "drain", drain: true);
        Assert.Equal(next, (await Lease(Here)).Job.Checkpoint);
    }

    [Fact]
    public async Task AnEvaluationThatTrainsGoesOnFromItsLatestCheckpointWhoeverHadIt()
    {
        await InSearch();
        JobLease lease = await Lease(Here), other = await Lease(Here);
        Assert.Null(lease.Job.Checkpoint);
        BlobId[] saved = [_silo.Blobs.Put("step 10"u8), _silo.Blobs.Put("step 20"u8), _silo.Blobs.Put("step 30"u8)];
        for (int i = 0; i < 3; i++) await Queue.Checkpoint(lease, new TrainingCheckpoint(saved[i], 10 * (i + 1), Here.Numerics, null));
        Assert.Equal([false, true, true], saved.Select(_silo.Blobs.Has));   // the last two are kept
        BlobId foreign = _silo.Blobs.Put("step 40"u8), late = _silo.Blobs.Put("step 25"u8);
        await Queue.Checkpoint(lease, new TrainingCheckpoint(foreign, 40, Elsewhere.Numerics, null));
        await Queue.Checkpoint(lease, new TrainingCheckpoint(late, 25, Here.Numerics, null));
        await Queue.Release(lease, "killed", drain: false);
        JobLease next = await Lease(Here);
        Assert.Equal((lease.Job.Id, saved[2], false), (next.Job.Id, next.Job.Checkpoint, _silo.Blobs.Has(late)));
        await Queue.Complete(next, Measured(0.5));
        await Queue.Complete(other, Measured(0.25));
        await Comes(s => s.Counts.Evaluated == 2);
        for (int i = 0; i < 200 && saved.Any(_silo.Blobs.Has); i++) await Task.Delay(20);   // committed first, then let go
        Assert.DoesNotContain(true, saved.Select(_silo.Blobs.Has));
    }

    [Fact]
    public async Task APausedEvaluationKeepsTheCheckpointThatItWritesWhenItIsCut()
    {
        await InSearch();
        JobLease lease = await Lease(Here);
        await Study.Pause();
        Assert.False(await Queue.Heartbeat(Here, lease, new Progress("training", 7, 10)));
        BlobId saved = _silo.Blobs.Put("step 7"u8);
        await Queue.Checkpoint(lease, new TrainingCheckpoint(saved, 7, Here.Numerics, null));
        await Study.Resume();
        JobLease next = await Lease(Here);
        Assert.Equal((lease.Job.Id, saved), (next.Job.Id, next.Job.Checkpoint));
    }

    [Fact]
    public async Task ACheckpointOfAnEvaluationWhoseBytesAreLostCostsTheStepsSinceTheOneBefore()
    {
        await InSearch();
        JobLease lease = await Lease(Here);
        BlobId first = _silo.Blobs.Put("step 1"u8), second = _silo.Blobs.Put("step 2"u8);
        await Queue.Checkpoint(lease, new TrainingCheckpoint(first, 1, Here.Numerics, null));
        await Queue.Checkpoint(lease, new TrainingCheckpoint(second, 2, Here.Numerics, null));
        await Study.Pause();
        _silo.Blobs.Delete(second);
        await Study.Resume();
        Assert.Equal(first, (await Lease(Here)).Job.Checkpoint);
    }

    [Fact]
    public async Task StepsOfEvaluationsThatTrainAreTheProgressOfTheSearchAndOnlyGrow()
    {
        await InSearch();
        JobLease first = await Lease(Here), second = await Lease(Elsewhere with { Numerics = Here.Numerics });
        Assert.Null((await Study.Status()).Progress);
        await Queue.Heartbeat(Here, first, new Progress("training", 50, 100, [new Figure("images/s", 10), new Figure("loss", 1)]));
        await Queue.Heartbeat(Elsewhere, second, new Progress("training", 20, 100, [new Figure("images/s", 30)]));
        Progress both = (await Comes(s => s.Progress?.Step == 70)).Progress!;
        Assert.Equal(("training candidates", new Figure("images/s", 40)), (both.Stage, Assert.Single(both.Values)));
        await Queue.Complete(first, Measured(0.5));
        await Comes(s => s.Counts.Evaluated == 1);
        await Queue.Heartbeat(Elsewhere, second, new Progress("training", 30, 100, [new Figure("images/s", 30)]));
        Assert.Equal(new Figure("images/s", 30), Assert.Single((await Comes(s => s.Progress?.Step == 80)).Progress!.Values));
    }

    [Fact]
    public async Task AnEvaluationThatWritesCheckpointsMakesRoomForWhatStandsAboveIt()
    {
        await InSearch();
        JobLease silent = await Lease(Here), trains = await Lease(Elsewhere with { Numerics = Here.Numerics });
        await Queue.Checkpoint(trains, new TrainingCheckpoint(_silo.Blobs.Put("step 1"u8), 1, Here.Numerics, null));
        await _silo.Grains.GetGrain<IStudyGrain>("urgent").Submit(StudyRunTests.Spec("urgent", problem: "zdt2").Replace("\"seed\":3", "\"seed\":3,\"schedule\":{\"priority\":1}", StringComparison.Ordinal));
        for (int i = 0; i < 200 && await Queue.Heartbeat(Elsewhere, trains, new Progress("training", 2, 10)); i++) await Task.Delay(20);
        Assert.False(await Queue.Heartbeat(Elsewhere, trains, new Progress("training", 2, 10)));
        Assert.True(await Queue.Heartbeat(Here, silent, new Progress("training", 2, 10)));   // it would begin anew
        Assert.Equal(JobKind.Prepare, (await Lease(Elsewhere)).Job.Kind);
    }

    [Fact]
    public async Task AClassThatNobodyHasPausesTheStudyWithTheReason()
    {
        await InSearch();
        JobLease lease = await Lease(Here);
        await Study.Report(new JobReport(lease.Job.Id, Unserved: "expected a slot of the numerics class 'class a'"));
        Assert.Contains("numerics class 'class a'; mend", (await Comes(s => s.Phase == StudyPhase.Paused)).Reason);
    }

    [Fact]
    public async Task ChangedImagesAreRefusedBeforeWhatWasTrainedOrRememberedIsUsedAgain()
    {
        BlobId images = BlobId.Of("images"u8);
        await InSearch(images);
        JobLease check = await Lease(Here);
        Assert.Equal((JobKind.Check, images, StudyPhase.Prepare), (check.Job.Kind, check.Job.Data, (await Study.Status()).Phase));
        await Queue.Fail(check, new JobFailure("refused", "data: expected the training images that the shared weights were trained on"));
        Assert.Contains("data: expected the training images", (await Comes(s => s.Phase == StudyPhase.Failed)).Reason);
        await Study.Resume();   // the images are back
        await Queue.Complete(await Lease(Here), new JobResult(Data: images));
        JobLease evaluation = await Lease(Here);
        Assert.Equal((JobKind.Evaluate, images), (evaluation.Job.Kind, evaluation.Job.Data));
    }
}
