using Hone.Contracts;
using Hone.Data;
using Hone.Grains.Placement;
using Hone.Grains.Telemetry;
using Hone.Model;

namespace Hone.Grains;

/// <summary>What of a solver is durable, and its rules. Bytes are safe in the blob store before they are named here.</summary>
[GenerateSerializer]
[Alias("hone.admm-solver-state")]
public sealed record AdmmSolverState
{
    private const int MostPoints = 512;

    /// <summary>Its last checkpoint and the one before; empty at its beginning and once it has ended.</summary>
    [Id(0)]
    public ValueList<EvaluationCheckpoint> Checkpoints { get; init; } = [];

    /// <summary>The class of the checkpoints: it goes on in no other.</summary>
    [Id(1)]
    public string? Numerics { get; init; }

    [Id(2)]
    public ValueList<SolverPoint> Points { get; init; } = [];

    [Id(3)]
    public bool Solved { get; init; }

    /// <summary>The checkpoint to go on from.</summary>
    public TrainingCheckpoint? Latest => Checkpoints is [{ } last] && Numerics is { } numerics ? new TrainingCheckpoint(last.Blob, last.Step, numerics, null) : null;

    /// <summary>The state with a checkpoint that leads further, and what was heard since the last.</summary>
    public AdmmSolverState With(TrainingCheckpoint found, IEnumerable<SolverPoint> heard) =>
        Solved || (Numerics is not null && Numerics != found.Numerics) ? this : this with { Numerics = found.Numerics, Checkpoints = Checkpoints.With("", found, 1), Points = Grown(heard) };

    /// <summary>The state without checkpoints whose bytes are lost.</summary>
    public AdmmSolverState Without(Func<BlobId, bool> lost) => Checkpoints.Count == 0 ? this : this with { Checkpoints = Checkpoints.Without(lost) };

    /// <summary>The state of a solver that has ended.</summary>
    public AdmmSolverState Ended(IEnumerable<SolverPoint> heard) => this with { Solved = true, Checkpoints = [], Points = Grown(heard) };

    // A solver that went back to a checkpoint tells again what it told before; the newer word counts.
    private ValueList<SolverPoint> Grown(IEnumerable<SolverPoint> heard)
    {
        SolverPoint[] now = [.. heard];
        return now.Length == 0 ? Points : [.. Points.Where(p => p.Step < now[0].Step).Concat(now).TakeLast(MostPoints)];
    }
}

/// <summary>Keeps one solver's checkpoints and residuals; slots do the work, whoever has it leased goes on from here.</summary>
[ControlOnly]
public sealed class AdmmSolverGrain([PersistentState("solver")] IPersistentState<AdmmSolverState> state, IBlobStore blobs) : Grain, IAdmmSolverGrain
{
    private readonly List<SolverPoint> _heard = [];   // since the state was written
    private bool _checked;

    public async Task<SolverStatus> Status()
    {
        if (!_checked)
        {
            BlobId[] named = [.. state.State.Checkpoints.Blobs()];
            HashSet<BlobId> lost = await Task.Run(() => named.Where(b => !blobs.Has(b)).ToHashSet());
            if (lost.Count > 0) await Save(state.State.Without(lost.Contains));
            _checked = true;
        }
        return new SolverStatus(state.State.Latest, [.. state.State.Points, .. _heard], state.State.Solved);
    }

    public async Task<TrainingCheckpoint?> Checkpoint(TrainingCheckpoint checkpoint)
    {
        await Task.Run(() => blobs.Keep(checkpoint.Blob));   // a worker may go and take its own store with it
        await Save(state.State.With(checkpoint, _heard));
        if (!state.State.Checkpoints.Blobs().Contains(checkpoint.Blob)) blobs.Delete(checkpoint.Blob);   // of an attempt that is behind
        return state.State.Latest;
    }

    public Task Heard(string method, Progress progress)
    {
        if (SolverTelemetry.Point(progress) is not { } point || (_heard.Count > 0 && _heard[^1].Step >= point.Step)) return Task.CompletedTask;
        _heard.Add(point);
        SolverTelemetry.Heard(method, point.Primal, point.Dual);
        return Task.CompletedTask;
    }

    public async Task Over(string method, ValueList<Measurement> found)
    {
        SolverTelemetry.Ended(method, found);
        if (!state.State.Solved) await Save(state.State.Ended(_heard));
    }

    // What the state no longer names is let go once storage has the state.
    private async Task Save(AdmmSolverState next)
    {
        AdmmSolverState last = state.State;
        if (next == last) return;
        await state.Write(next);
        _heard.Clear();
        foreach (BlobId blob in last.Checkpoints.Blobs().Except(next.Checkpoints.Blobs())) blobs.Delete(blob);
    }
}
