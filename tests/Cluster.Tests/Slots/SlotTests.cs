using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Hone.Silo.Slots;
using Hone.Studies;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hone.Cluster.Tests.Slots;

public class SlotTests
{
    /// <summary>Runs a slot on one job until the queue has its answer.</summary>
    private static string Answer(Job job)
    {
        using var scratch = new Running.Scratch();
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var queue = new OneJob(job, stop);
        new Slot("here", 0, queue, new WorkPlace(new FolderBlobStore(scratch.Folder), new DataLocator(Surroundings.OfThisMachine()), TimeProvider.System), NullLogger<Slot>.Instance).Run(stop.Token);
        return queue.Answer;
    }

    private static Job Job(JobKind kind, string spec, BlobId? data = null) => new("zdt/x", kind, "zdt", spec, Key: "x1=0,x2=0,x3=0,x4=0,x5=0,x6=0,x7=0,x8=0", Images: 1, Shared: BlobId.Of("x"u8), Data: data);

    [Fact]
    public void AnEvaluationThatIsRefusedHereIsALostLeaseAndATrainingThatIsRefusedAFailure()
    {
        const string Bad = """{"study":"zdt","method":"none","data":{"name":"none"},"objectives":[{"metric":"f1"}]}""";
        Assert.StartsWith("released: here: method: expected one of", Answer(Job(JobKind.Evaluate, Bad)));
        Assert.StartsWith("failed refused: method: expected one of", Answer(Job(JobKind.Prepare, Bad)));
    }

    [Fact]
    public void AStudyWithoutImagesIsNotHeldAgainstAny()
        => Assert.Equal("completed", Answer(Job(JobKind.Evaluate, Running.StudyRunTests.Spec(), data: BlobId.Of("y"u8))));

    /// <summary>A queue of one job that ends the slot with its answer.</summary>
    private sealed class OneJob(Job job, CancellationTokenSource stop) : IJobQueueGrain
    {
        private bool _given;

        public string Answer { get; private set; } = "none";

        public Task<JobLease?> Lease(SlotInfo slot)
        {
            (bool given, _given) = (_given, true);
            return Task.FromResult(given ? null : new JobLease(job, 1));
        }

        public Task Complete(JobLease lease, JobResult result) => Say("completed");

        public Task Fail(JobLease lease, JobFailure failure) => Say($"failed {failure.Code}: {failure.Message}");

        public Task Release(JobLease lease, string reason, bool drain) => Say($"{(drain ? "drained" : "released")}: {reason}");

        public Task<bool> Heartbeat(SlotInfo slot, JobLease lease, Progress progress) => Task.FromResult(true);

        public Task Checkpoint(JobLease lease, TrainingCheckpoint checkpoint) => Task.CompletedTask;

        public Task Enqueue(ValueList<Job> jobs) => throw new NotSupportedException();

        public Task Cancel(string owner) => throw new NotSupportedException();

        public Task<QueueStatus> Status() => throw new NotSupportedException();

        private Task Say(string answer)
        {
            Answer = answer;
            stop.Cancel();
            return Task.CompletedTask;
        }
    }
}
