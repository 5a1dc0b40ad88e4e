using Hone.Contracts;
using Hone.Grains.Leasing;
using Hone.Grains.Placement;
using Hone.Grains.Telemetry;
using Hone.Model;
using Microsoft.Extensions.Logging;
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
[ControlOnly]
[KeepAlive]
[Reentrant]
public sealed class JobQueueGrain(
    [PersistentState("queue")] IPersistentState<QueueState> state, TenantLimits limits, TimeProvider clock, ILogger<JobQueueGrain> log) : Grain, IJobQueueGrain
{
    private readonly SlotTable _slots = new(LeasePolicy.Default.SlotSilence, LeasePolicy.Default.ClassPatience, clock);
    private static readonly TimeSpan SweepEvery = LeasePolicy.Default.HeartbeatEvery / 4, LeasePatience = TimeSpan.FromMilliseconds(800);
    private readonly IdleSlots<SlotInfo, JobLease> _idle = new(LeasePatience, clock);
    private readonly JobClaims _claims = new();
    private readonly HashSet<string> _freeing = new(StringComparer.Ordinal);   // slots whose job was taken back for one above it, until they ask again
    private readonly QueueTelemetry _telemetry = new(clock, log);
    private LeaseQueue<Job> _queue = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await state.Write(new QueueState { Epoch = state.State.Epoch + 1 });
        _queue = new LeaseQueue<Job>(job => job.Id, job => TimeSpan.FromSeconds(job.StallSeconds), _claims.Of, limits.Of, LeasePolicy.Default, clock, state.State.Epoch);
        _queue.Lost += _telemetry.Lost;
        this.RegisterGrainTimer(Sweep, new GrainTimerCreationOptions(SweepEvery, SweepEvery) { Interleave = true });
    }

    public Task Enqueue(ValueList<Job> jobs)
    {
        foreach (Job job in jobs)
            if (_queue.Enqueue(job)) _telemetry.Enqueued(job);
        Serve();
        return Task.CompletedTask;
    }

    public Task Cancel(string owner)
    {
        _queue.Cancel(job => job.Owner == owner);
        return Task.CompletedTask;
    }

    public Task<JobLease?> Lease(SlotInfo slot)
    {
        _slots.Heard(slot);
        _freeing.Remove(slot.Name);
        return Next(slot) is { } lease ? Task.FromResult<JobLease?>(lease) : _idle.Wait(slot);
    }

    public async Task<bool> Heartbeat(SlotInfo slot, JobLease lease, Progress progress)
    {
        _slots.Heard(slot);
        if (!_queue.Heartbeat(lease.Job, lease.Token, slot.Name, progress.Step)) return false;
        if (lease.Job.Kind == JobKind.Prepare) await Supernet(lease.Job).Heard(lease.Job.Round?.Shard ?? 0, progress);
        else if (lease.Job.Kind == JobKind.Evaluate && progress.Step > 0) await Study(lease.Job).Heard(lease.Job.Id, progress);
        return true;
    }

    public async Task Checkpoint(JobLease lease, TrainingCheckpoint checkpoint)
    {
        TrainingCheckpoint? kept = lease.Job.Kind == JobKind.Prepare ? await Supernet(lease.Job).Checkpoint(checkpoint) : await Study(lease.Job).Checkpoint(lease.Job.Id, checkpoint);
        if (kept is { } latest)
            _queue.Renew(lease.Job with { Checkpoint = latest.Blob, Numerics = latest.Numerics, Data = latest.Data });
    }

    public Task Complete(JobLease lease, JobResult result) => Answer(lease, new JobReport(lease.Job.Id, result, Token: lease.Token));

    // Of an attempt that was fenced off a result is data, a failure is not: the attempt that took its place will tell.
    public Task Fail(JobLease lease, JobFailure failure) => _queue.Holds(lease.Job, lease.Token)
        ? Answer(lease, new JobReport(lease.Job.Id, Failure: failure, Token: lease.Token)) : Task.CompletedTask;

    public async Task Release(JobLease lease, string reason, bool drain)
    {
        if (_queue.Release(lease.Job, lease.Token, reason, drain) is { } lost) await Tell(lost);
        Serve();
    }

    public Task<QueueStatus> Status()
    {
        ILookup<string, string> held = _queue.Leases.ToLookup(l => l.Holder, l => l.Item.Id);
        IReadOnlyList<SlotInfo> slots = _slots.Here;
        return Task.FromResult(new QueueStatus(_queue.Waiting, _queue.Leased, slots.Select(s => s.Name).ToValueList(), slots.Select(s => new SlotStatus(s.Name, s.Numerics, held[s.Name].FirstOrDefault(), s.Memory)).ToValueList()));
    }

    private JobLease? Next(SlotInfo slot)
    {
        Lease<Job>? lease = _queue.TryLease(slot.Name, job => Suits(job, slot.Numerics));
        if (lease is null) return null;
        _telemetry.Leased(lease.Item, slot.Name);
        return new JobLease(lease.Item, lease.Token);
    }

    // Those who wait are served; then training of a lower priority makes room, at its next heartbeat and after a checkpoint.
    private void Serve()
    {
        _idle.Serve(Next);
        while (_freeing.Count < _queue.Waiting && _queue.Preempt(Stops, (slot, job) => _slots.NumericsOf(slot) is { } numerics && Suits(job, numerics)) is { } taken)
            _freeing.Add(taken.Holder);
    }

    // Shared training stops where it is; an evaluation that trains, once it has shown that it writes checkpoints.
    private static bool Stops(Job job) => job.Kind == JobKind.Prepare || job.Checkpoint is not null;

    private static bool Suits(Job job, string numerics) => job.Numerics is null || job.Numerics == numerics;

    // The owner hears first: if it cannot be reached, the slot keeps the answer and comes again.
    private async Task Answer(JobLease lease, JobReport report)
    {
        await Tell(lease.Job, report with { Busy = _queue.Held(lease.Job) });
        _queue.Complete(lease.Job);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _telemetry.Gone();
        return Task.CompletedTask;
    }

    private async Task Sweep(CancellationToken cancel)
    {
        _telemetry.Tell(_queue.Items, _queue.LeasedItems);
        _freeing.RemoveWhere(slot => _slots.NumericsOf(slot) is null);
        foreach (LostItem<Job> lost in _queue.Sweep()) await Tell(lost);
        Serve();
        IReadOnlyDictionary<string, string> unserved = _slots.Unserved(_queue.Items.Select(j => j.Numerics).OfType<string>().Distinct().ToList());
        if (unserved.Count == 0) return;
        foreach (Job job in _queue.Items.Where(j => j.Numerics is { } numerics && unserved.ContainsKey(numerics)).ToList())
        {
            await Tell(job, new JobReport(job.Id, Unserved: unserved[job.Numerics!]));
            _queue.Complete(job);
        }
    }

    private Task Tell(LostItem<Job> lost) => Tell(lost.Item, new JobReport(lost.Item.Id, Lost: lost.Reasons));

    private Task Tell(Job job, JobReport report) => job.Kind == JobKind.Prepare
        ? Supernet(job).Report(report)
        : Study(job).Report(report);

    private IStudyGrain Study(Job job) => GrainFactory.GetGrain<IStudyGrain>(job.Owner);

    private ISupernetGrain Supernet(Job job) => GrainFactory.GetGrain<ISupernetGrain>(job.Owner);
}
