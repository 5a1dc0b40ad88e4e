using Hone.Model;

namespace Hone.Contracts;

/// <summary>A slot that asks for work.</summary>
/// <param name="Name">Host, process and slot number.</param>
/// <param name="Numerics">Its numerics class, but for the threads, which are the study's: torch version, CPU level.</param>
/// <param name="Memory">Its share of the memory that its process may use, bytes; 0: a silo of an earlier version, which does not say.</param>
[GenerateSerializer, Immutable]
[Alias("hone.slot")]
public sealed record SlotInfo([property: Id(0)] string Name, [property: Id(1)] string Numerics, [property: Id(2)] long Memory = 0);

/// <summary>A leased job with the fencing token that its answers must carry.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.lease")]
public sealed record JobLease([property: Id(0)] Job Job, [property: Id(1)] long Token);

/// <summary>Jobs for slots of one capability ("cpu", "gpu"); the key is the capability.</summary>
[Alias("hone.queue")]
public interface IJobQueueGrain : IGrainWithStringKey
{
    /// <summary>Adds jobs; those already known are left as they are.</summary>
    [Alias("enqueue")]
    Task Enqueue(ValueList<Job> jobs);

    /// <summary>Takes the jobs of an owner off the queue; leased ones are told at their next heartbeat.</summary>
    [Alias("cancel")]
    Task Cancel(string owner);

    /// <summary>The next job for this slot; waits for one, and gives null after less than a second without.</summary>
    [Alias("lease")]
    Task<JobLease?> Lease(SlotInfo slot);

    /// <summary>Says that the work goes on; false tells the slot to drop it.</summary>
    [Alias("beat")]
    Task<bool> Heartbeat(SlotInfo slot, JobLease lease, Progress progress);

    /// <summary>A checkpoint that is safely in the blob store: its owner keeps it, and whoever takes the job next goes on from it.</summary>
    [Alias("checkpoint")]
    Task Checkpoint(JobLease lease, TrainingCheckpoint checkpoint);

    [Alias("complete")]
    Task Complete(JobLease lease, JobResult result);

    [Alias("fail")]
    Task Fail(JobLease lease, JobFailure failure);

    /// <summary>The slot could not do it for reasons of its own (disk full, shutting down): counted as lost unless it is a drain.</summary>
    [Alias("release")]
    Task Release(JobLease lease, string reason, bool drain);

    [Alias("status")]
    Task<QueueStatus> Status();
}

/// <summary>A queue's load, and the slots heard of a moment ago.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.queue-status")]
public sealed record QueueStatus([property: Id(0)] int Waiting, [property: Id(1)] int Leased, [property: Id(2)] ValueList<string> Slots,
    [property: Id(3)] ValueList<SlotStatus> Working = default);

/// <summary>A slot that the queue heard of a moment ago: its numerics class, and the job that it holds, if any.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.slot-status")]
public sealed record SlotStatus([property: Id(0)] string Name, [property: Id(1)] string Numerics, [property: Id(2)] string? Holds, [property: Id(3)] long Memory = 0);
