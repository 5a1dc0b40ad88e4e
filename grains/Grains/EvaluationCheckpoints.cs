using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains;

/// <summary>How far an evaluation that trains is: its last two checkpoints, so that the one before is there when the bytes of the last are lost.</summary>
/// <param name="Job">Its job's id.</param>
/// <param name="Blob">Its last checkpoint.</param>
/// <param name="Step">Of that.</param>
[GenerateSerializer, Immutable]
[Alias("hone.evaluation-checkpoint")]
public sealed record EvaluationCheckpoint(
    [property: Id(0)] string Job, [property: Id(1)] BlobId Blob, [property: Id(2)] long Step, [property: Id(3)] BlobId? Previous = null, [property: Id(4)] long PreviousStep = 0)
{
    /// <summary>What it needs of the blob store.</summary>
    internal IEnumerable<BlobId> Blobs => Previous is { } previous ? [Blob, previous] : [Blob];
}

/// <summary>The rules by which open evaluations keep their checkpoints. Bytes are safe in the blob store before they are named here.</summary>
internal static class EvaluationCheckpoints
{
    /// <summary>The list with a checkpoint that leads further than the last of its job; else as it is.</summary>
    /// <param name="most">More are not kept, the one that was longest without news goes first: an answer may overtake a checkpoint of an attempt that was fenced off.</param>
    public static ValueList<EvaluationCheckpoint> With(this ValueList<EvaluationCheckpoint> all, string job, TrainingCheckpoint found, int most)
    {
        EvaluationCheckpoint? last = all.Of(job);
        return last is not null && found.Step <= last.Step ? all
            : [.. all.Where(c => c.Job != job).TakeLast(most - 1), new EvaluationCheckpoint(job, found.Blob, found.Step, last?.Blob, last?.Step ?? 0)];
    }

    /// <summary>The list without evaluations that are over.</summary>
    public static ValueList<EvaluationCheckpoint> Without(this ValueList<EvaluationCheckpoint> all, IEnumerable<string> jobs) =>
        jobs.ToHashSet(StringComparer.Ordinal) is var over && all.Any(c => over.Contains(c.Job)) ? all.Where(c => !over.Contains(c.Job)).ToValueList() : all;

    /// <summary>The list without the checkpoints whose bytes are lost: what came before them is gone on from, or the beginning.</summary>
    /// <param name="lost">Whether a blob's bytes are.</param>
    public static ValueList<EvaluationCheckpoint> Without(this ValueList<EvaluationCheckpoint> all, Func<BlobId, bool> lost) => all.Select(c =>
    {
        BlobId? before = c.Previous is { } previous && !lost(previous) ? previous : null;
        if (!lost(c.Blob)) return before == c.Previous ? c : c with { Previous = null, PreviousStep = 0 };
        return before is { } blob ? new EvaluationCheckpoint(c.Job, blob, c.PreviousStep) : null;
    }).OfType<EvaluationCheckpoint>().ToValueList();

    /// <summary>Where a job is; null: at its beginning.</summary>
    public static EvaluationCheckpoint? Of(this ValueList<EvaluationCheckpoint> all, string job) => all.FirstOrDefault(c => c.Job == job);

    /// <summary>What they need of the blob store.</summary>
    public static IEnumerable<BlobId> Blobs(this ValueList<EvaluationCheckpoint> all) => all.SelectMany(c => c.Blobs);
}
