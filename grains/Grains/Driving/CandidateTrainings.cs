using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains.Driving;

/// <summary>The evaluations of a study that train: how far they are, as the slots tell it, and their checkpoints, which are kept while they are open.</summary>
internal sealed class CandidateTrainings(StudyPlace place)
{
    private readonly ICheckpointBook _book = place.Study.Solves ? new SolverBook(place) : new StateBook(place);
    private readonly Dictionary<string, Progress> _running = new(StringComparer.Ordinal);   // by job
    private long _over;   // steps of those that ended

    /// <summary>
    /// Of all together: steps only grow, those of ended ones count on. Rates are told; a loss of candidates of all kinds and ages would say nothing. Null: none has told anything.
    /// </summary>
    public Progress? Progress => _running.Count == 0 ? null
        : Model.Progress.Sum(_running.Values) is { } sum ? new Progress("training candidates", _over + sum.Step, 0, sum.Values.Where(v => v.Name.EndsWith("/s", StringComparison.Ordinal)).ToValueList()) : null;

    /// <summary>A slot goes on with a job; one that takes up a checkpoint counts steps only when it has read it.</summary>
    public void Heard(string job, Progress progress)
    {
        if (progress.Step <= 0) return;
        _running[job] = progress;
        (_book as SolverBook)?.Heard(job, progress);
    }

    /// <inheritdoc cref="ICheckpointBook.Of"/>
    public BlobId? Of(string job) => _book.Of(job);

    /// <inheritdoc cref="ICheckpointBook.Take"/>
    public async Task<TrainingCheckpoint?> Take(string job, TrainingCheckpoint found) =>
        found.Numerics != place.State.Numerics || place.State.Phase == StudyPhase.Done ? null : await _book.Take(job, found);   // of an attempt that nothing waits for

    /// <summary>Forgets what is over: its result is durable.</summary>
    /// <param name="over">By job.</param>
    public Task Over(IReadOnlyDictionary<string, Trial> over)
    {
        foreach (string job in over.Keys)
            if (_running.Remove(job, out Progress? last)) _over += last.Step;
        return _book.Over(over);
    }

    /// <inheritdoc cref="ICheckpointBook.Check"/>
    public Task Check() => _book.Check();
}
