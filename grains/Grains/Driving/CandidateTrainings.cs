using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains.Driving;

/// <summary>The evaluations of a study that train: how far they are, as the slots tell it, and their checkpoints, which the state keeps while they are open.</summary>
internal sealed class CandidateTrainings(StudyPlace place)
{
    private readonly Dictionary<string, Progress> _running = new(StringComparer.Ordinal);   // by job
    private long _over;   // steps of those that ended
    private bool _checked;

    /// <summary>
    /// Of all together: steps only grow, those of ended ones count on. Rates are told; a loss of candidates of all kinds and ages would say nothing. Null: none has told anything.
    /// </summary>
    public Progress? Progress => _running.Count == 0 ? null
        : Model.Progress.Sum(_running.Values) is { } sum ? new Progress("training candidates", _over + sum.Step, 0, sum.Values.Where(v => v.Name.EndsWith("/s", StringComparison.Ordinal)).ToValueList()) : null;

    /// <summary>A slot goes on with a job; one that takes up a checkpoint counts steps only when it has read it.</summary>
    public void Heard(string job, Progress progress)
    {
        if (progress.Step > 0) _running[job] = progress;
    }

    /// <summary>Where a job goes on; null: at its beginning.</summary>
    public BlobId? Of(string job) => place.State.Checkpoints.Of(job)?.Blob;

    /// <summary>Keeps a checkpoint that leads further than the last, and lets go what came before the last two.</summary>
    /// <returns>The one to go on from; null: none is kept.</returns>
    public async Task<TrainingCheckpoint?> Take(string job, TrainingCheckpoint found)
    {
        if (found.Numerics != place.State.Numerics || place.State.Phase == StudyPhase.Done) return null;   // of an attempt that nothing waits for
        await Task.Run(() => place.Blobs.Keep(found.Blob));   // a worker may go and take its own store with it
        await Save(all => all.With(job, found, place.Spec.Search.Window + 1));
        if (!place.State.Checkpoints.Blobs().Contains(found.Blob)) place.Blobs.Delete(found.Blob);   // of an attempt that is behind
        return place.State.Checkpoints.Of(job) is { } last ? found with { Blob = last.Blob, Step = last.Step } : null;
    }

    /// <summary>Forgets what is over: its result is durable.</summary>
    public Task Over(IEnumerable<string> jobs)
    {
        if (_running.Count == 0 && place.State.Checkpoints.Count == 0) return Task.CompletedTask;
        string[] over = [.. jobs];
        foreach (string job in over)
            if (_running.Remove(job, out Progress? last)) _over += last.Step;
        return Save(all => all.Without(over));
    }

    /// <summary>Forgets checkpoints whose bytes are lost; once.</summary>
    public async Task Check()
    {
        if (_checked) return;
        _checked = true;
        BlobId[] named = [.. place.State.Checkpoints.Blobs()];
        if (named.Length == 0) return;
        HashSet<BlobId> lost = await Task.Run(() => named.Where(b => !place.Blobs.Has(b)).ToHashSet());
        if (lost.Count > 0) await Save(all => all.Without(lost.Contains));
    }

    // What the state no longer names is let go once storage has the state.
    private async Task Save(Func<ValueList<EvaluationCheckpoint>, ValueList<EvaluationCheckpoint>> change)
    {
        ValueList<EvaluationCheckpoint> last = place.State.Checkpoints, next = change(last);
        if (next == last) return;
        await place.Save(s => s with { Checkpoints = next });
        foreach (BlobId blob in last.Blobs().Except(next.Blobs())) place.Blobs.Delete(blob);
    }
}
