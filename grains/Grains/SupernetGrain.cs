using Hone.Contracts;
using Hone.Model;
using Orleans.Concurrency;

namespace Hone.Grains;

/// <summary>What of a supernet's training is durable. A checkpoint stands here only once its bytes are safe in the blob store.</summary>
[GenerateSerializer]
[Alias("hone.supernet-state")]
public sealed class SupernetState
{
    [Id(0)]
    public BlobId? Checkpoint { get; set; }

    [Id(1)]
    public long Step { get; set; }

    [Id(2)]
    public BlobId? Ready { get; set; }

    [Id(3)]
    public string? Numerics { get; set; }
}

/// <summary>Sees to it that what candidates share is trained once, by whichever slot is free, from the latest checkpoint on.</summary>
[KeepAlive]
[Reentrant]
public sealed class SupernetGrain([PersistentState("supernet")] IPersistentState<SupernetState> state) : Grain, ISupernetGrain
{
    private Progress? _progress;
    private JobReport? _problem;

    public async Task<SupernetStatus> Ensure(string spec)
    {
        if (state.State.Ready is null && _problem is null)
        {
            var job = new Job($"prepare/{this.GetPrimaryKeyString()}", JobKind.Prepare, this.GetPrimaryKeyString(), spec,
                Checkpoint: state.State.Checkpoint, Numerics: state.State.Numerics, StallSeconds: 300);
            await GrainFactory.GetGrain<IJobQueueGrain>(Capability.Cpu).Enqueue([job]);
        }
        SupernetStatus status = new(state.State.Ready, _progress, state.State.Numerics, _problem);
        _problem = null;   // told once; asking again tries again
        return status;
    }

    public async Task Checkpoint(BlobId blob, long step)
    {
        if (state.State.Ready is not null || step <= state.State.Step) return;
        (state.State.Checkpoint, state.State.Step) = (blob, step);
        await state.WriteStateAsync();
    }

    public Task Heard(Progress progress)
    {
        _progress = progress;
        return Task.CompletedTask;
    }

    public async Task Report(JobReport report)
    {
        if (state.State.Ready is not null) return;
        if (report.Result is not { Shared: { } shared } result)
        {
            _problem = report;
            return;
        }
        (state.State.Ready, state.State.Checkpoint, state.State.Numerics) = (shared, null, result.Numerics);
        await state.WriteStateAsync();
    }
}

/// <summary>Keys of the job queues.</summary>
public static class Capability
{
    public const string Cpu = "cpu", Gpu = "gpu";
}
