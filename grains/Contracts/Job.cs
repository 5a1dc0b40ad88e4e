using Hone.Model;

namespace Hone.Contracts;

/// <summary>What a slot is asked to do.</summary>
public enum JobKind { Prepare, Evaluate, Member }

/// <summary>A piece of compute for a slot. Its id names the work, so that enqueuing it twice is the same as once.</summary>
/// <param name="Id">Stable: study, kind and what it is about.</param>
/// <param name="Kind">Train what candidates share, evaluate a candidate, or finish and export a member.</param>
/// <param name="Owner">The study's name, or the supernet's key for Prepare: who is told.</param>
/// <param name="Spec">The study as canonical JSON.</param>
/// <param name="Key">The candidate's key; empty for Prepare.</param>
/// <param name="Images">How many images rank the candidate; 0 where it does not apply.</param>
/// <param name="Shared">What was prepared: the trained weights; null for Prepare.</param>
/// <param name="Checkpoint">Where Prepare goes on; null from the start.</param>
/// <param name="Numerics">The numerics class that the slot must have; null: any.</param>
/// <param name="Member">For Member: the journal entry to finish.</param>
/// <param name="StallSeconds">A step counter that stands still so long means that the job is lost.</param>
[GenerateSerializer, Immutable]
[Alias("hone.job")]
public sealed record Job(
    [property: Id(0)] string Id, [property: Id(1)] JobKind Kind, [property: Id(2)] string Owner, [property: Id(3)] string Spec,
    [property: Id(4)] string Key = "", [property: Id(5)] int Images = 0, [property: Id(6)] BlobId? Shared = null, [property: Id(7)] BlobId? Checkpoint = null,
    [property: Id(8)] string? Numerics = null, [property: Id(9)] FrontMember? Member = null, [property: Id(10)] int StallSeconds = 120);

/// <summary>What a finished job gives back.</summary>
/// <param name="Shared">Prepare: the trained weights.</param>
/// <param name="Measurements">Evaluate and Member: what was found.</param>
/// <param name="Correct">Evaluate: one bit per image, lowest bit of the first byte first, in whole 64-bit words.</param>
/// <param name="Artifacts">Member: its files, paths relative to the member's folder.</param>
/// <param name="Numerics">The numerics class that it was computed in.</param>
[GenerateSerializer, Immutable]
[Alias("hone.job-result")]
public sealed record JobResult(
    [property: Id(0)] BlobId? Shared = null, [property: Id(1)] ValueList<Measurement> Measurements = default, [property: Id(2)] byte[]? Correct = null,
    [property: Id(3)] ValueList<Artifact> Artifacts = default, [property: Id(4)] string Numerics = "");

/// <summary>An error that the work itself reports, with a stable code ("data-missing", "evaluation").</summary>
[GenerateSerializer, Immutable]
[Alias("hone.job-failure")]
public sealed record JobFailure([property: Id(0)] string Code, [property: Id(1)] string Message);

/// <summary>How a job ended: a result, a failure that the work reports, or lost too often (the reasons).</summary>
[GenerateSerializer, Immutable]
[Alias("hone.job-report")]
public sealed record JobReport(
    [property: Id(0)] string Id, [property: Id(1)] JobResult? Result = null, [property: Id(2)] JobFailure? Failure = null, [property: Id(3)] ValueList<string> Lost = default);
