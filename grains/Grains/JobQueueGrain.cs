using Hone.Contracts;
using Hone.Grains.Leasing;
using Hone.Model;
using Orleans.Concurrency;

namespace Hone.Grains;

/// <summary>What of a queue is durable: how often it was activated. The table itself is rebuilt from its owners and the heartbeats.</summary>
[GenerateSerializer]
[Alias("hone.queue-state")]
public sealed class QueueState
{
    [Id(0)]
    public int Epoch { get; set; }
}

/// <summary>Hands jobs to slots by lease and their answers to the owners.</summary>
[KeepAlive]
[Reentrant]
public sealed class JobQueueGrain(
    [PersistentState("queue")] IPersistentState<QueueState> state, TimeProvider clock) : Grain, IJobQueueGrain
{
    private readonly HashSet<string> _slots = new(StringComparer.Ordinal);
    private LeaseQueue<Job> _queue = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        state.State.Epoch++;
        await state.WriteStateAsync();
        _queue = new LeaseQueue<Job>(job => job.Id, job => TimeSpan.FromSeconds(job.StallSeconds), LeasePolicy.Default, clock, state.State.Epoch);
        this.RegisterGrainTimer(Sweep, new GrainTimerCreationOptions(LeasePolicy.Default.HeartbeatEvery, LeasePolicy.Default.HeartbeatEvery) { Interleave = true });
    }

    public Task Enqueue(ValueList<Job> jobs)
    {
        foreach (Job job in jobs) _queue.Enqueue(job);
        return Task.CompletedTask;
    }

    public Task Cancel(string owner)
    {
        _queue.Cancel(job => job.Owner == owner);
        return Task.CompletedTask;
    }

    public Task<JobLease?> Lease(SlotInfo slot)
    {
        _slots.Add(slot.Name);
        Lease<Job>? lease = _queue.TryLease(slot.Name, job => job.Numerics is null || job.Numerics == slot.Numerics);
        return Task.FromResult(lease is null ? null : new JobLease(lease.Item, lease.Token));
    }

    public async Task<bool> Heartbeat(SlotInfo slot, JobLease lease, Progress progress)
    {
        if (!_queue.Heartbeat(lease.Job, lease.Token, slot.Name, progress.Step)) return false;
        if (lease.Job.Kind == JobKind.Prepare) await Supernet(lease.Job).Heard(progress);
        return true;
    }

    public Task Checkpoint(JobLease lease, BlobId blob, long step) => Supernet(lease.Job).Checkpoint(blob, step);

    public Task Complete(JobLease lease, JobResult result) => Answer(lease.Job, new JobReport(lease.Job.Id, result));

    public Task Fail(JobLease lease, JobFailure failure) => Answer(lease.Job, new JobReport(lease.Job.Id, Failure: failure));

    public async Task Release(JobLease lease, string reason, bool drain)
    {
        if (_queue.Release(lease.Job, lease.Token, reason, drain) is { } lost) await Tell(lost);
    }

    public Task<QueueStatus> Status() => Task.FromResult(new QueueStatus(_queue.Waiting, _queue.Leased, _slots.Order(StringComparer.Ordinal).ToValueList()));

    // The owner hears first: if it cannot be reached, the slot keeps the answer and comes again.
    private async Task Answer(Job job, JobReport report)
    {
        await Tell(job, report);
        _queue.Complete(job);
    }

    private async Task Sweep(CancellationToken cancel)
    {
        foreach (LostItem<Job> lost in _queue.Sweep()) await Tell(lost);
    }

    private Task Tell(LostItem<Job> lost) => Tell(lost.Item, new JobReport(lost.Item.Id, Lost: lost.Reasons));

    private Task Tell(Job job, JobReport report) => job.Kind == JobKind.Prepare
        ? Supernet(job).Report(report)
        : GrainFactory.GetGrain<IStudyGrain>(job.Owner).Report(report);

    private ISupernetGrain Supernet(Job job) => GrainFactory.GetGrain<ISupernetGrain>(job.Owner);
}
