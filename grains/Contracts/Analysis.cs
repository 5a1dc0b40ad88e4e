using Hone.Model;

namespace Hone.Contracts;

/// <summary>An explanation, or why there is none: one line, and the exit code of the question (2 when it is wrong itself).</summary>
[GenerateSerializer, Immutable]
[Alias("hone.explained")]
public sealed record Explained([property: Id(0)] Explanation? Explanation, [property: Id(1)] string? Error, [property: Id(2)] int ExitCode = 0);

/// <summary>A page of trials on another device; the last page brings the front.</summary>
/// <param name="Trials">As lines of trials.jsonl.</param>
/// <param name="Total">Trials in all.</param>
/// <param name="Front">The text of front.json in the blob store; null before the end.</param>
/// <param name="BlobRoot">The folder of the blob store as the silo sees it.</param>
/// <param name="Exported">Ordinals of the study's own front whose exported files it has already.</param>
/// <param name="Error">Why it ended without a front: one line.</param>
/// <param name="ExitCode">Of the error: 2 when the request is wrong itself, else 1.</param>
/// <param name="Costs">The text of costs.json in the blob store; null before the end.</param>
/// <param name="Unmeasured">How many trials could not be considered, because the study rejected them on <paramref name="Devices"/> before it measured their accuracy.</param>
/// <param name="Devices">The study's own devices.</param>
/// <param name="Waits">What it waits for meanwhile, in a line; such an update says nothing else.</param>
[GenerateSerializer, Immutable]
[Alias("hone.retarget-update")]
public sealed record RetargetUpdate(
    [property: Id(0)] ValueList<TrialLine> Trials, [property: Id(1)] int Total, [property: Id(2)] BlobId? Front, [property: Id(3)] string BlobRoot,
    [property: Id(4)] ValueList<int> Exported, [property: Id(5)] string? Error, [property: Id(6)] int ExitCode,
    [property: Id(7)] BlobId? Costs = null, [property: Id(8)] int Unmeasured = 0, [property: Id(9)] ValueList<string> Devices = default,
    [property: Id(10)] string? Waits = null);
