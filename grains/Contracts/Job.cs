using Hone.Model;

namespace Hone.Contracts;

/// <summary>What a slot is asked to do.</summary>
public enum JobKind { Prepare, Evaluate, Member, Check }

/// <summary>A piece of compute for a slot. Its id names the work, so that enqueuing it twice is the same as once.</summary>
/// <param name="Id">Stable: study, kind and what it is about.</param>
/// <param name="Kind">Train what candidates share, evaluate a candidate, finish and export a member, or check that the training images are still the same.</param>
/// <param name="Owner">The study's name, or the supernet's key for Prepare: who is told.</param>
/// <param name="Spec">The study as canonical JSON.</param>
/// <param name="Key">The candidate's key; empty for Prepare, and where there are several.</param>
/// <param name="Images">How many images rank the candidate; 0 where it does not apply.</param>
/// <param name="Shared">What was prepared: the trained weights; null for Prepare.</param>
/// <param name="Checkpoint">Where Prepare, or an evaluation that trains, goes on; null from the start.</param>
/// <param name="Numerics">The numerics class that the slot must have; null: any.</param>
/// <param name="Member">For Member: the journal entry to finish.</param>
/// <param name="StallSeconds">A step counter that stands still so long means that the job is lost.</param>
/// <param name="Data">The training images that the shared work was done on; a slot that finds others refuses.</param>
/// <param name="Round">Prepare by several shards: which part of it; null: the whole.</param>
/// <param name="Keys">Evaluate: the candidates of a job that is about several.</param>
/// <param name="Fidelity">Evaluate and Member: the rung; null: in full.</param>
/// <param name="Trained">Member: the weights that its evaluation trained; null: none, or nobody has kept them.</param>
/// <param name="Trace">W3C traceparent of the trial that it is about; null: not traced.</param>
[GenerateSerializer, Immutable]
[Alias("hone.job")]
public sealed record Job(
    [property: Id(0)] string Id, [property: Id(1)] JobKind Kind, [property: Id(2)] string Owner, [property: Id(3)] string Spec,
    [property: Id(4)] string Key = "", [property: Id(5)] int Images = 0, [property: Id(6)] BlobId? Shared = null, [property: Id(7)] BlobId? Checkpoint = null,
    [property: Id(8)] string? Numerics = null, [property: Id(9)] FrontMember? Member = null, [property: Id(10)] int StallSeconds = 120,
    [property: Id(11)] BlobId? Data = null, [property: Id(12)] ShardRound? Round = null, [property: Id(13)] ValueList<string> Keys = default,
    [property: Id(14)] string? Trace = null, [property: Id(15)] int? Fidelity = null, [property: Id(16)] BlobId? Trained = null);

/// <summary>What a finished job gives back.</summary>
/// <param name="Shared">Prepare: the trained weights; Evaluate: the candidate's own, where it was trained.</param>
/// <param name="Measurements">Evaluate and Member: what was found.</param>
/// <param name="Correct">Evaluate: one bit per image, lowest bit of the first byte first, in whole 64-bit words.</param>
/// <param name="Artifacts">Member: its files, paths relative to the member's folder.</param>
/// <param name="Numerics">The numerics class that it was computed in.</param>
/// <param name="Data">Prepare: the training images; null where there are none.</param>
/// <param name="Round">Prepare by several shards: where a shard's round ended.</param>
/// <param name="Each">Evaluate, of a job about several candidates: what became of each, in the job's order.</param>
[GenerateSerializer, Immutable]
[Alias("hone.job-result")]
public sealed record JobResult(
    [property: Id(0)] BlobId? Shared = null, [property: Id(1)] ValueList<Measurement> Measurements = default, [property: Id(2)] byte[]? Correct = null,
    [property: Id(3)] ValueList<Artifact> Artifacts = default, [property: Id(4)] string Numerics = "",
    [property: Id(5)] BlobId? Data = null, [property: Id(6)] ShardEnd? Round = null, [property: Id(7)] ValueList<CandidateResult> Each = default);

/// <summary>What became of one candidate of several: measurements and right answers, or the error that its evaluation reports.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.candidate-result")]
public sealed record CandidateResult([property: Id(0)] ValueList<Measurement> Measurements, [property: Id(1)] byte[]? Correct, [property: Id(2)] JobFailure? Failure = null);

/// <summary>A checkpoint of training, shared or a candidate's own, whose bytes are safe in the blob store.</summary>
/// <param name="Blob">The bytes.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="Numerics">The class it was computed in; it is gone on with in no other.</param>
/// <param name="Data">The training images; null where there are none.</param>
/// <param name="Round">By several shards: the part that it is of.</param>
[GenerateSerializer, Immutable]
[Alias("hone.training-checkpoint")]
public sealed record TrainingCheckpoint([property: Id(0)] BlobId Blob, [property: Id(1)] long Step, [property: Id(2)] string Numerics, [property: Id(3)] BlobId? Data,
    [property: Id(4)] ShardRound? Round = null);

/// <summary>An error that the work itself reports, with a stable code ("data-missing", "evaluation").</summary>
[GenerateSerializer, Immutable]
[Alias("hone.job-failure")]
public sealed record JobFailure([property: Id(0)] string Code, [property: Id(1)] string Message);

/// <summary>How a job ended: a result, a failure that the work reports, lost too often (the reasons), or taken by nobody (why).</summary>
/// <param name="Token">The lease that the answer came from: an answer that is delivered twice counts once.</param>
/// <param name="Unserved">No slot that is there can take it.</param>
/// <param name="Busy">How long the slot had it.</param>
[GenerateSerializer, Immutable]
[Alias("hone.job-report")]
public sealed record JobReport(
    [property: Id(0)] string Id, [property: Id(1)] JobResult? Result = null, [property: Id(2)] JobFailure? Failure = null, [property: Id(3)] ValueList<string> Lost = default,
    [property: Id(4)] long Token = 0, [property: Id(5)] string? Unserved = null, [property: Id(6)] TimeSpan Busy = default)
{
    /// <summary>Why the work cannot go on by itself, for reasons that are not its own; null when it was answered.</summary>
    public string? Stuck => Unserved ?? (Lost.Count > 0 ? $"lost {Lost.Count} times, at last because: {Lost[^1]}" : null);
}
