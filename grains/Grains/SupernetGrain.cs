using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Orleans.Concurrency;

namespace Hone.Grains;

/// <summary>What of a supernet's training is durable. A checkpoint stands here only once its bytes are safe in the blob store.</summary>
[GenerateSerializer]
[Alias("hone.supernet-state")]
public sealed record SupernetState
{
    [Id(0)]
    public BlobId? Checkpoint { get; init; }

    [Id(1)]
    public long Step { get; init; }

    [Id(2)]
    public BlobId? Ready { get; init; }

    /// <summary>The class of the latest checkpoint or of the weights: the rest is computed in no other.</summary>
    [Id(3)]
    public string? Numerics { get; init; }

    /// <summary>The training images of the latest checkpoint or of the weights.</summary>
    [Id(4)]
    public BlobId? Data { get; init; }
}

/// <summary>Sees to it that what candidates share is trained once, by whichever slot is free, from the latest checkpoint on.</summary>
[KeepAlive]
[Reentrant]
public sealed class SupernetGrain([PersistentState("supernet")] IPersistentState<SupernetState> state, IBlobStore blobs) : Grain, ISupernetGrain
{
    private readonly SemaphoreSlim _turn = new(1);   // one write of the state at a time
    private Progress? _progress;
    private JobReport? _problem;

    public async Task<SupernetStatus> Ensure(string spec)
    {
        if (state.State.Ready is null && _problem is null)
        {
            var job = new Job($"prepare/{this.GetPrimaryKeyString()}", JobKind.Prepare, this.GetPrimaryKeyString(), spec,
                Checkpoint: state.State.Checkpoint, Numerics: state.State.Numerics, StallSeconds: 300, Data: state.State.Data);
            await GrainFactory.GetGrain<IJobQueueGrain>(Capability.Cpu).Enqueue([job]);
        }
        SupernetStatus status = new(state.State.Ready, _progress, state.State.Numerics, _problem, state.State.Data);
        _problem = null;   // told once; asking again tries again
        return status;
    }

    public async Task<TrainingCheckpoint?> Checkpoint(TrainingCheckpoint checkpoint)
    {
        await Take(now => now.Ready is null && checkpoint.Step > now.Step && (now.Numerics is null || now.Numerics == checkpoint.Numerics)
            ? now with { Checkpoint = checkpoint.Blob, Step = checkpoint.Step, Numerics = checkpoint.Numerics, Data = checkpoint.Data } : now);
        Drop(checkpoint.Blob);   // of an attempt that is behind or was trained in another class
        return state.State is { Checkpoint: { } blob, Numerics: { } numerics } latest ? new TrainingCheckpoint(blob, latest.Step, numerics, latest.Data) : null;
    }

    public Task Heard(Progress progress)
    {
        _progress = progress;
        return Task.CompletedTask;
    }

    public Task Report(JobReport report)
    {
        if (report.Result is { Shared: { } shared } result)
            return Take(now => now.Ready is null ? now with { Ready = shared, Checkpoint = null, Numerics = result.Numerics, Data = result.Data } : now);
        if (state.State.Ready is null) _problem = report;
        return Task.CompletedTask;
    }

    // The checkpoint that was replaced is let go once the state no longer names it.
    private async Task Take(Func<SupernetState, SupernetState> change)
    {
        await _turn.WaitAsync();
        try
        {
            SupernetState last = state.State, next = change(last);
            if (next == last) return;
            await state.Write(next);
            if (last.Checkpoint is { } replaced) Drop(replaced);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Drop(BlobId blob)
    {
        if (blob != state.State.Checkpoint && blob != state.State.Ready) blobs.Delete(blob);
    }
}

/// <summary>Keys of the job queues.</summary>
public static class Capability
{
    public const string Cpu = "cpu";
}
