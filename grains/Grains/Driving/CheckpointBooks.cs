using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains.Driving;

/// <summary>Where the checkpoints of open evaluations that train are kept.</summary>
internal interface ICheckpointBook
{
    /// <summary>Where a job goes on; null: at its beginning.</summary>
    BlobId? Of(string job);

    /// <summary>Keeps a checkpoint that leads further than the last.</summary>
    /// <returns>The one to go on from; null: none is kept.</returns>
    Task<TrainingCheckpoint?> Take(string job, TrainingCheckpoint found);

    /// <summary>Lets go what is over: its results are durable.</summary>
    Task Over(IReadOnlyDictionary<string, Trial> over);

    /// <summary>Reads what is known, and forgets checkpoints whose bytes are lost; once.</summary>
    Task Check();
}

/// <summary>In the study's own state.</summary>
internal sealed class StateBook(StudyPlace place) : ICheckpointBook
{
    private bool _checked;

    public BlobId? Of(string job) => place.State.Checkpoints.Of(job)?.Blob;

    public async Task<TrainingCheckpoint?> Take(string job, TrainingCheckpoint found)
    {
        await Task.Run(() => place.Blobs.Keep(found.Blob));   // a worker may go and take its own store with it
        await Save(all => all.With(job, found, place.Spec.Search.Window + 1));
        if (!place.State.Checkpoints.Blobs().Contains(found.Blob)) place.Blobs.Delete(found.Blob);   // of an attempt that is behind
        return place.State.Checkpoints.Of(job) is { } last ? found with { Blob = last.Blob, Step = last.Step } : null;
    }

    public Task Over(IReadOnlyDictionary<string, Trial> over) => place.State.Checkpoints.Count == 0 ? Task.CompletedTask : Save(all => all.Without(over.Keys));

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

/// <summary>In a grain for each candidate, where evaluations are solvers' runs; the study's state names those that are open, so that their blobs are needed.</summary>
internal sealed class SolverBook(StudyPlace place) : ICheckpointBook
{
    private readonly Dictionary<string, BlobId> _latest = new(StringComparer.Ordinal);   // by job
    private bool _checked;

    public BlobId? Of(string job) => _latest.TryGetValue(job, out BlobId blob) ? blob : null;

    public async Task<TrainingCheckpoint?> Take(string job, TrainingCheckpoint found)
    {
        if (!place.State.Solvers.Contains(place.SolverOf(job))) await place.Save(s => s with { Solvers = [.. s.Solvers, place.SolverOf(job)] });
        TrainingCheckpoint? kept = await Solver(job).Checkpoint(found);
        if (kept is { } latest) _latest[job] = latest.Blob;
        return kept;
    }

    /// <summary>A slot goes on with a job.</summary>
    public void Heard(string job, Progress progress) => Solver(job).Heard(place.Spec.Method, progress).Ignore();

    public async Task Over(IReadOnlyDictionary<string, Trial> over)
    {
        foreach ((string job, Trial trial) in over)
        {
            if (trial.Outcome is Outcome.Evaluated evaluated) await Solver(job).Over(place.Spec.Method, evaluated.Measurements);
            _latest.Remove(job);
        }
        HashSet<string> ended = [.. over.Keys.Select(place.SolverOf)];
        if (place.State.Solvers.Any(ended.Contains)) await place.Save(s => s with { Solvers = [.. s.Solvers.Where(k => !ended.Contains(k))] });
    }

    public async Task Check()
    {
        if (_checked) return;
        foreach (string key in place.State.Solvers.AsEnumerable())
            if ((await place.Grains.GetGrain<IAdmmSolverGrain>(key).Status()).Checkpoint is { } latest && latest.Numerics == place.State.Numerics) _latest[place.JobOf(key)] = latest.Blob;
        _checked = true;
    }

    private IAdmmSolverGrain Solver(string job) => place.Grains.GetGrain<IAdmmSolverGrain>(place.SolverOf(job));
}
