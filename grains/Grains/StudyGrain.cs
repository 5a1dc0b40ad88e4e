using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Hone.Contracts;
using Hone.Data;
using Hone.Grains.Driving;
using Hone.Grains.Journal;
using Hone.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Hone.Grains;

/// <summary>Keeps a study's state and lets its driver run; what to do next is the driver's knowledge.</summary>
[KeepAlive]
[Reentrant]
public sealed class StudyGrain(
    [PersistentState("study")] IPersistentState<StudyState> state, IBlobStore blobs, BlobRoot blobRoot, TimeProvider clock, IServiceProvider services, ILogger<StudyGrain> log)
    : Grain, IStudyGrain
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _deactivated = new();
    private StudyDriver? _driver;
    private Task _driving = Task.CompletedTask;

    public async Task<StudyStatus> Submit(string spec)
    {
        try
        {
            StudySpec study = StudySpec.Parse((JsonObject)JsonNode.Parse(spec)!);
            Studies.StudyCatalog.Open(study);
            if (state.State.Spec is { } known && known != spec) Resubmission.Check(known, spec, Running && !_driving.IsCompleted);
        }
        catch (SpecException e)
        {
            return NoStudy(e.Message, exitCode: 2);
        }
        if (state.State.Phase is StudyPhase.Paused or StudyPhase.Failed) state.State.Phase = state.State.ResumeAt;
        if (state.State.Phase is StudyPhase.Unknown) state.State.Phase = StudyPhase.Prepare;
        if (state.State.Spec != spec && state.State.Phase is StudyPhase.Finish or StudyPhase.Done)   // a raised budget: the search goes on
            (state.State.Phase, state.State.Artifacts) = (StudyPhase.Search, []);
        if (state.State.Spec != spec) _driver = null;
        (state.State.Spec, state.State.Reason, state.State.StopAsked) = (spec, null, false);
        await state.WriteStateAsync();
        await GrainFactory.GetGrain<IStudyIndexGrain>("all").Add(this.GetPrimaryKeyString(), state.State.Phase != StudyPhase.Done);
        await Ensure();
        return await Status();
    }

    public async Task<StudyStatus> Status() => state.State.Spec is null
        ? NoStudy(NoStudyText, exitCode: 1)
        : await Driver().Status();

    public Task<string?> Spec() => Task.FromResult(state.State.Spec);

    public Task Ensure()
    {
        if (state.State.Spec is not null && _driving.IsCompleted && Running) _driving = Drive();
        return Task.CompletedTask;
    }

    public Task Pause() => Halt("paused by request");

    public async Task Resume()
    {
        if (state.State.Spec is { } spec) await Submit(spec);
    }

    public async Task Stop()
    {
        state.State.StopAsked = true;
        await state.WriteStateAsync();
    }

    public Task Report(JobReport report)
    {
        _driver?.Inbox(report);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<StudyUpdate> Watch(int from, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await Ensure();
        for (int next = from; ;)
        {
            bool wasRunning = Running && state.State.Spec is not null;   // read before the lines: the last update misses none
            ValueList<TrialLine> lines = state.State.Spec is null ? [] : await Driver().Lines(next, most: JournalStore.PageSize);
            next += lines.Count;
            yield return new StudyUpdate(await Status(), lines);
            if (lines.Count == JournalStore.PageSize) continue;
            if (!wasRunning) yield break;
            await Task.Delay(WatchEvery, clock, cancel);
        }
    }

    public async Task<Explained> Explain(string asked) => state.State.Spec is null ? new Explained(null, (await Status()).Error) : await Driver().Questions.Explain(asked);

    public IAsyncEnumerable<RetargetUpdate> Retarget(DeviceSpec device, ValueList<Constraint> limits, CancellationToken cancel = default) =>
        state.State.Spec is not null ? Driver().Questions.Retarget(device, limits, cancel) : throw new HoneException(NoStudyText);

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _deactivated.CancelAsync();
        await _driving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private string NoStudyText => $"no study '{this.GetPrimaryKeyString()}' is known here; `hone list` shows those that are";

    private bool Running => state.State.Phase is StudyPhase.Prepare or StudyPhase.Search or StudyPhase.Finish;

    private StudyDriver Driver() => _driver ??= new StudyDriver(
        new StudyPlace(state, GrainFactory, blobs, blobRoot, clock,
            new JournalStore(services.GetRequiredKeyedService<IGrainStorage>("Default"), this.GetGrainId())));

    // Storage that is gone or full is no outcome: the driver is made anew from the journal at the watchdog's next call.
    private async Task Drive()
    {
        try
        {
            while (Running && !_deactivated.IsCancellationRequested) await Driver().Step(_deactivated.Token);
        }
        catch (HoneException e)
        {
            await Halt(e.Message, e is PausedException ? StudyPhase.Paused : StudyPhase.Failed);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            log.LogWarning(e, "the study '{Study}' stumbled and starts again from its journal", this.GetPrimaryKeyString());
            _driver = null;
            return;
        }
        if (!Running) await GrainFactory.GetGrain<IStudyIndexGrain>("all").Add(this.GetPrimaryKeyString(), false);
    }

    private async Task Halt(string reason, StudyPhase phase = StudyPhase.Paused)
    {
        if (!Running) return;
        (state.State.ResumeAt, state.State.Phase, state.State.Reason) = (state.State.Phase, phase, reason);
        await state.WriteStateAsync();
        await GrainFactory.GetGrain<IJobQueueGrain>(Capability.Cpu).Cancel(this.GetPrimaryKeyString());
    }

    private StudyStatus NoStudy(string error, int exitCode) => new(
        this.GetPrimaryKeyString(), "", StudyPhase.Unknown, null, error, exitCode, new TrialCounts(0, 0, 0, 0, 0), 0, null, [], "", []);
}

/// <summary>Where the blob store lies, for clients on the same machine.</summary>
public sealed record BlobRoot(string Path);
