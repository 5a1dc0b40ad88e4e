using Hone.Contracts.Telemetry;
using Hone.Model;

namespace Hone.Contracts;

/// <summary>Where a study stands.</summary>
public enum StudyPhase { Unknown, Prepare, Search, Finish, Done, Paused, Failed }

/// <summary>Counts over committed trials.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.counts")]
public sealed record TrialCounts(
    [property: Id(0)] int Committed, [property: Id(1)] int Evaluated, [property: Id(2)] int Rejected, [property: Id(3)] int Duplicates, [property: Id(4)] int Failed);

/// <summary>A file of the result: its path below the output folder and its bytes in the blob store.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.artifact")]
public sealed record Artifact([property: Id(0)] string Path, [property: Id(1)] BlobId Blob);

/// <summary>A study's status.</summary>
/// <param name="Study">Its name.</param>
/// <param name="Method">Its method.</param>
/// <param name="Phase">Where it stands; Paused and Failed carry a reason.</param>
/// <param name="Reason">Why it paused, failed or ended early; null otherwise.</param>
/// <param name="Error">A refused specification or request, one line; null when accepted.</param>
/// <param name="ExitCode">What a command should exit with when this ends it: 0, 1 or 2.</param>
/// <param name="Counts">Over committed trials.</param>
/// <param name="Budget">Evaluated trials allowed.</param>
/// <param name="Progress">Of the running phase (training steps, finishing steps); null before it is known.</param>
/// <param name="Artifacts">The result files, once done: front.json and models/n/...</param>
/// <param name="BlobRoot">The folder of the blob store as the silo sees it.</param>
[GenerateSerializer, Immutable]
[Alias("hone.status")]
public sealed record StudyStatus(
    [property: Id(0)] string Study, [property: Id(1)] string Method, [property: Id(2)] StudyPhase Phase, [property: Id(3)] string? Reason,
    [property: Id(4)] string? Error, [property: Id(5)] int ExitCode, [property: Id(6)] TrialCounts Counts, [property: Id(7)] int Budget,
    [property: Id(8)] Progress? Progress, [property: Id(9)] ValueList<Artifact> Artifacts, [property: Id(10)] string BlobRoot,
    [property: Id(11)] ValueList<Objective> Objectives);

/// <summary>New trials, as lines of trials.jsonl with the trial beside each, the status, and the traces of those trials that are traced.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.update")]
public sealed record StudyUpdate([property: Id(0)] StudyStatus Status, [property: Id(1)] ValueList<TrialLine> Trials, [property: Id(2)] ValueList<TrialTrace> Traces = default);
