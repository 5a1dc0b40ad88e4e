using Hone.Model;

namespace Hone.Contracts;

/// <summary>An explanation, or why there is none: one line.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.explained")]
public sealed record Explained([property: Id(0)] Explanation? Explanation, [property: Id(1)] string? Error);

/// <summary>A page of trials on another device; the last page brings the front.</summary>
/// <param name="Trials">As lines of trials.jsonl.</param>
/// <param name="Total">Trials in all.</param>
/// <param name="Front">The text of front.json in the blob store; null before the end.</param>
/// <param name="BlobRoot">The folder of the blob store as the silo sees it.</param>
/// <param name="Exported">Ordinals whose exported files the study has already.</param>
/// <param name="Error">Why it ended without a front: one line.</param>
[GenerateSerializer, Immutable]
[Alias("hone.retarget-update")]
public sealed record RetargetUpdate(
    [property: Id(0)] ValueList<TrialLine> Trials, [property: Id(1)] int Total, [property: Id(2)] BlobId? Front, [property: Id(3)] string BlobRoot,
    [property: Id(4)] ValueList<int> Exported, [property: Id(5)] string? Error, [property: Id(6)] int ExitCode);
