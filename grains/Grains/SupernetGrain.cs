using Hone.Contracts;
using Hone.Data;
using Hone.Grains.Placement;
using Hone.Grains.Telemetry;
using Hone.Model;
using Hone.Studies;
using Orleans.Concurrency;

namespace Hone.Grains;

/// <summary>Sees to it that what candidates share is trained once: by whichever slot is free, or in rounds by as many as the study has shards; always from the latest checkpoints on.</summary>
[ControlOnly]
[KeepAlive]
[Reentrant]
public sealed class SupernetGrain([PersistentState("supernet")] IPersistentState<SupernetState> state, IBlobStore blobs) : Grain, ISupernetGrain
{
    private readonly SemaphoreSlim _turn = new(1);   // one write of the state at a time
    private readonly SortedDictionary<int, Progress> _progress = [];   // by shard
    private (string Spec, int Shards, string Method)? _study;       // of who asked last
    private JobReport? _problem;

    public async Task<SupernetStatus> Ensure(string spec)
    {
        if (_study?.Spec != spec) _study = (spec, StudyCatalog.Open(SpecText.Parse(spec)).Shards, SpecText.Parse(spec).Method);
        if (_problem is null) await Enqueue();
        SupernetStatus status = new(state.State.Ready, Progress.Sum(_progress.Values), state.State.Numerics, _problem, state.State.Data);
        _problem = null;   // told once; asking again tries again
        return status;
    }

    public async Task<TrainingCheckpoint?> Checkpoint(TrainingCheckpoint checkpoint)
    {
        await Keep(checkpoint.Blob);
        await Take(now => now.With(checkpoint));
        if (!state.State.Blobs().Contains(checkpoint.Blob)) blobs.Delete(checkpoint.Blob);   // of an attempt that is behind or was trained in another class
        return state.State.Latest(checkpoint.Round);
    }

    public Task Heard(int shard, Progress progress)
    {
        if (progress.Steps > 0 || !_progress.ContainsKey(shard)) _progress[shard] = progress;   // a slot that takes up a checkpoint counts steps only when it has read it
        if (_study is var (_, _, method)) TrainingTelemetry.Heard(method, Progress.Sum(_progress.Values));
        return Task.CompletedTask;
    }

    public async Task Report(JobReport report)
    {
        if (report.Result?.Round is { } end && state.State.Refuses(end) is { } why) report = report with { Result = null, Failure = new JobFailure("rounds", why) };
        if (report.Result is not { } result)
        {
            if (state.State.Ready is not null) return;
            await Take(now => now.Without(blob => !blobs.Has(blob)));   // it may have failed for want of them
            _problem = report;
            if (_study is var (_, _, stopped)) TrainingTelemetry.Ended(stopped);
            return;
        }
        foreach (BlobId made in new[] { result.Shared, result.Round?.Begin, result.Round?.End }.OfType<BlobId>()) await Keep(made);
        await Take(now => now.With(result));
        if (state.State.Ready is not null && _study is var (_, _, method)) TrainingTelemetry.Ended(method);
        if (result.Round is not { } ended) return;
        if (_progress.TryGetValue(ended.Shard, out Progress? last)) _progress[ended.Shard] = last with { Values = [] };   // its rate is over
        foreach (BlobId late in new[] { ended.Begin, ended.End }.Except(state.State.Blobs())) blobs.Delete(late);
        if (_problem is null) await Enqueue();   // the next round need not wait to be asked for
    }

    private async Task Enqueue()
    {
        if (_study is not var (spec, shards, _)) return;
        ValueList<Job> jobs = state.State.Jobs(this.GetPrimaryKeyString(), spec, shards).ToValueList();
        if (jobs.Count > 0) await GrainFactory.GetGrain<IJobQueueGrain>(Capability.Cpu).Enqueue(jobs);
    }

    // What the state names lies where the state is looked after: a worker may go and take its own store with it.
    private Task Keep(BlobId blob) => Task.Run(() => blobs.Keep(blob));

    // What the state no longer names is let go once storage has the state.
    private async Task Take(Func<SupernetState, SupernetState> change)
    {
        await _turn.WaitAsync();
        try
        {
            SupernetState last = state.State, next = change(last);
            if (next == last) return;
            await state.Write(next);
            foreach (BlobId blob in last.Blobs().Except(next.Blobs())) blobs.Delete(blob);
        }
        finally
        {
            _turn.Release();
        }
    }
}

/// <summary>Keys of the job queues.</summary>
public static class Capability
{
    public const string Cpu = "cpu";
}
