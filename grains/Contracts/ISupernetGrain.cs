using Hone.Model;
using Orleans.Concurrency;

namespace Hone.Contracts;

/// <summary>How far the shared training is.</summary>
/// <param name="Ready">The trained weights, once done.</param>
/// <param name="Progress">Of the running training.</param>
/// <param name="Numerics">The numerics class it was trained in; its candidates are evaluated in the same.</param>
/// <param name="Problem">Why it cannot go on; null while it can.</param>
/// <param name="Data">The training images it was trained on; null where there are none.</param>
[GenerateSerializer, Immutable]
[Alias("hone.supernet-status")]
public sealed record SupernetStatus(
    [property: Id(0)] BlobId? Ready, [property: Id(1)] Progress? Progress, [property: Id(2)] string? Numerics, [property: Id(3)] JobReport? Problem,
    [property: Id(4)] BlobId? Data = null);

/// <summary>What candidates share, trained once for all studies; the key is the hash of model, data and recipe.</summary>
[Alias("hone.supernet")]
public interface ISupernetGrain : IGrainWithStringKey
{
    /// <summary>Sees to it that the training runs or is done. Cheap; callers repeat it.</summary>
    [Alias("ensure")]
    Task<SupernetStatus> Ensure(string spec);

    /// <summary>Takes a checkpoint that leads further than the last; the last one's bytes are let go then.</summary>
    /// <returns>The one to go on from.</returns>
    [AlwaysInterleave]
    [Alias("checkpoint")]
    Task<TrainingCheckpoint?> Checkpoint(TrainingCheckpoint checkpoint);

    /// <param name="shard">Whose progress it is; 0 where there is one.</param>
    [AlwaysInterleave]
    [Alias("beat")]
    Task Heard(int shard, Progress progress);

    [AlwaysInterleave]
    [Alias("report")]
    Task Report(JobReport report);
}

/// <summary>A candidate's memo; the key is "supernet/images/candidate key", and of one part in n of the training "supernet/images@n/candidate key".</summary>
[Alias("hone.subnet")]
public interface ISubnetGrain : IGrainWithStringKey
{
    /// <summary>What is known of this candidate, or null.</summary>
    [Alias("recall")]
    Task<JobResult?> Recall();

    [Alias("remember")]
    Task Remember(JobResult result);
}
