using Hone.Client.Cluster;
using Hone.Client.Verbs;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Tests.Verbs;

public class RequestStepTests
{
    [Theory]
    [InlineData(StudyPhase.Paused, true, "hone resume quasar-vit")]
    [InlineData(StudyPhase.Search, true, "hone watch quasar-vit")]
    [InlineData(StudyPhase.Search, false, "hone run")]
    [InlineData(StudyPhase.Finish, false, "hone run")]
    [InlineData(StudyPhase.Done, false, "hone export quasar-vit")]
    [InlineData(StudyPhase.Failed, true, "hone run")]
    public void TheLineTellsTheStateAndTheNextCommand(StudyPhase phase, bool worker, string next)
    {
        string line = RequestStep.Line(Samples.Status(phase, 40), worker);
        Assert.StartsWith("quasar-vit: ", line);
        Assert.Contains("of 320 evaluated", line);
        Assert.Contains(next, line);
    }

    [Fact]
    public async Task WhatWasDoneStaysDoneWhereNobodyKnowsOfWorkers()
    {
        Assert.Null(await GrainCluster.HasSlotsAsync(new Silent()));
        Assert.Contains("hone watch", RequestStep.Line(Samples.Status(StudyPhase.Search, 40), worker: null));
        Assert.False(RequestStep.Json(Samples.Status(StudyPhase.Search, 40), worker: null).ContainsKey("worker"));
    }

    private sealed class Silent : IJobQueueGrain
    {
        public Task<QueueStatus> Status() => Task.FromException<QueueStatus>(new TimeoutException("no answer"));

        public Task Enqueue(ValueList<Job> jobs) => throw new NotSupportedException();

        public Task Cancel(string owner) => throw new NotSupportedException();

        public Task<JobLease?> Lease(SlotInfo slot) => throw new NotSupportedException();

        public Task<bool> Heartbeat(SlotInfo slot, JobLease lease, Progress progress) => throw new NotSupportedException();

        public Task Checkpoint(JobLease lease, TrainingCheckpoint checkpoint) => throw new NotSupportedException();

        public Task Complete(JobLease lease, JobResult result) => throw new NotSupportedException();

        public Task Fail(JobLease lease, JobFailure failure) => throw new NotSupportedException();

        public Task Release(JobLease lease, string reason, bool drain) => throw new NotSupportedException();
    }

    [Fact]
    public void TheReasonIsTold()
        => Assert.Contains("finishing the front (stopped by request)", RequestStep.Line(Samples.Status(StudyPhase.Finish, 40) with { Reason = "stopped by request" }, true));

    [Fact]
    public void JsonIsTheStatusAndWhetherAnyoneWorks()
    {
        var line = RequestStep.Json(Samples.Status(StudyPhase.Paused, 40), worker: false);
        Assert.Equal(["quasar-vit", "paused", "320", "false"], new[] { "study", "phase", "budget", "worker" }.Select(key => line[key]!.ToString()));
        Assert.False(line.ContainsKey("artifacts"));
    }

    [Theory]
    [InlineData(2, typeof(SpecException))]
    [InlineData(1, typeof(HoneException))]
    public void ARefusalIsTheClustersOwnLineWithItsExitCode(int code, Type kind)
    {
        StudyStatus refused = Samples.Status(StudyPhase.Done, 40) with { Error = "expected more", ExitCode = code };
        Exception error = Assert.ThrowsAny<HoneException>(() => RequestStep.Accepted(refused));
        Assert.IsType(kind, error);
        Assert.Equal("expected more", error.Message);
    }
}
