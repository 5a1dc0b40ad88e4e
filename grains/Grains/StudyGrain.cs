using System.Runtime.CompilerServices;
using Hone.Contracts;
using Hone.Contracts.Telemetry;
using Hone.Data;
using Hone.Grains.Driving;
using Hone.Grains.Journal;
using Hone.Grains.Placement;
using Hone.Grains.Telemetry;
using Hone.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Hone.Grains;

/// <summary>Keeps a study's state and lets its driver run; what to do next is the driver's knowledge.</summary>
[ControlOnly]
[KeepAlive]
[Reentrant]
public sealed class StudyGrain(
    [PersistentState("study")] IPersistentState<StudyState> state, IBlobStore blobs, BlobRoot blobRoot, TimeProvider clock, IServiceProvider services, ILogger<StudyGrain> log)
    : Grain, IStudyGrain
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _deactivated = new();
    private readonly SemaphoreSlim _turn = new(1);   // a step or a request, one at a time: both write the state
    private readonly ProgressHistory _history = new();
    private StudyDriver? _driver;
    private StudyTelemetry? _telemetry;
    private Task _driving = Task.CompletedTask;
    private string? _trouble;   // why the driver stumbled last; gone with its next step

    public Task<StudyStatus> Submit(string spec)
    {
        Telemetry.Submitted();
        return Change(study => Task.FromResult(Requests.Submit(study, spec)));
    }

    public async Task<StudyStatus> Status()
    {
        if (state.State.Spec is null) return UnknownStudy.Status(Name, await Index.All());
        try
        {
            StudyStatus status = await Driver().Status();
            return _trouble is null || !Running ? status : status with { Reason = $"waiting, and trying again each second: {_trouble}" };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return ClosedStudy.Status(Name, state.State, blobRoot.Path, e.Message);
        }
    }

    public Task Ensure()
    {
        if (state.State.Spec is null || !_driving.IsCompleted || !Running) return Task.CompletedTask;
        using HoneTrace.Entered _ = HoneTrace.Enter(null);   // it lives longer than who wakes it
        _driving = Drive();
        return Task.CompletedTask;
    }

    public Task<StudyStatus> Pause() => Ask(Requests.Pause);

    public Task<StudyStatus> Resume() => Ask(Requests.Resume);

    public Task<StudyStatus> Stop() => Ask(async study => Requests.Stop(study, (await Driver().Status()).Counts.Evaluated));

    public Task<StudyStatus> Extend(int trials) => Ask(study => Requests.Extend(study, trials));

    public Task<StudyStatus> Retry() => Ask(async study => Requests.Retry(study, await Driver().Failed()));

    public Task<ValueList<Progress>> Training() => Task.FromResult(_history.Points);

    public Task Heard(string job, Progress progress)
    {
        _driver?.Heard(job, progress);
        return Task.CompletedTask;
    }

    public async Task<TrainingCheckpoint?> Checkpoint(string job, TrainingCheckpoint checkpoint)
    {
        _driver?.Wake();
        await _turn.WaitAsync();
        try
        {
            return state.State.Shared is null ? null : await Driver().Checkpoint(job, checkpoint);
        }
        finally
        {
            _turn.Release();
        }
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
            (StudyUpdate update, bool more) = await Page(next);
            next += update.Trials.Count;
            yield return update;
            if (update.Status.Error is not null || (!more && !wasRunning)) yield break;
            if (more) await Task.Yield();   // a page is a message: what is ready at once would travel together
            else await Task.Delay(WatchEvery, clock, cancel);
        }
    }

    public async Task<ColumnPage> Columns(int from) => ColumnPage.Of(state.State.Spec is null ? [] : await Driver().Trials(), from);

    public async Task<ValueList<TrialLine>> Some(ValueList<int> ordinals) => state.State.Spec is null ? [] : await Driver().Lines(ordinals);

    public async Task<Explained> Explain(string asked) => state.State.Spec is null ? new Explained(null, (await Status()).Error, 1) : await Driver().Questions.Explain(asked);

    public IAsyncEnumerable<RetargetUpdate> Retarget(DeviceSpec device, ValueList<Constraint> limits, CancellationToken cancel = default) =>
        state.State.Spec is not null ? Driver().Questions.Retarget(device, limits, cancel) : throw new HoneException($"{Name}: expected the name of a study, there is none of that name");

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _deactivated.CancelAsync();
        Telemetry.Gone();
        await _driving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private string Name => this.GetPrimaryKeyString();

    private bool Running => Requests.Running(state.State);

    private IStudyIndexGrain Index => GrainFactory.GetGrain<IStudyIndexGrain>("all");

    private StudyTelemetry Telemetry => _telemetry ??= new StudyTelemetry(Name, services.GetService<TrialSampling>() ?? TrialSampling.None, clock, log);

    private StudyDriver Driver() => _driver ??= new StudyDriver(
        new StudyPlace(state, GrainFactory, blobs, blobRoot, clock,
            new JournalStore(services.GetRequiredKeyedService<IGrainStorage>("Default"), this.GetGrainId())) { Telemetry = Telemetry });

    private async Task<(StudyUpdate Update, bool More)> Page(int from)
    {
        try
        {
            (ValueList<TrialLine> lines, bool more) = state.State.Spec is null ? ([], false) : await Driver().Lines(from);
            return (new StudyUpdate(await Status(), lines, lines.Count == 0 ? [] : Driver().Traces(from, lines.Count)), more);
        }
        catch (HoneException e)
        {
            return (new StudyUpdate(await Status() with { Error = $"{Name}: {e.Message}", ExitCode = 1 }, []), false);
        }
    }

    private Task<StudyStatus> Ask(Func<StudyState, bool> request) => Ask(study => Task.FromResult(request(study)));

    private Task<StudyStatus> Ask(Func<StudyState, Task<bool>> request) => state.State.Spec is null ? Status() : Change(request);

    // Between two steps of the driver, which then begins anew from the journal: what was in flight is cut, what is committed stays.
    private async Task<StudyStatus> Change(Func<StudyState, Task<bool>> request)
    {
        await _turn.WaitAsync();
        try
        {
            StudyState next = state.State with { };
            if (await request(next))
            {
                if (Requests.Running(next)) await Index.Add(Name, true);   // before the state: a silo that dies between the two leaves nothing that nobody wakes
                await state.Write(next);
                Telemetry.At(next.Phase);
                _driver = null;
                if (!Running) await Index.Add(Name, false);
                await Cut();
                if (!Running) await Driver().CancelShared();
            }
        }
        catch (HoneException e)
        {
            bool wrong = e is SpecException;
            return await Status() with { Error = wrong ? e.Message : $"{Name}: {e.Message}", ExitCode = wrong ? 2 : 1 };
        }
        finally
        {
            _turn.Release();
        }
        await Ensure();
        return await Status();
    }

    // Storage that is gone or full is no outcome: the driver is made anew from the journal at the watchdog's next call.
    private async Task Drive()
    {
        while (Running && !_deactivated.IsCancellationRequested)
        {
            await _turn.WaitAsync();
            try
            {
                if (Running) await Step();
                Telemetry.At(state.State.Phase);
                _trouble = null;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                Telemetry.Stumbled(e);
                (_driver, _trouble) = (null, e.GetBaseException().Message.ReplaceLineEndings(" "));
                if (e is InconsistentStateException) DeactivateOnIdle();   // a write whose answer was lost reached storage: memory is behind it, and is read again
                return;
            }
            finally
            {
                _turn.Release();
            }
        }
        if (!Running) await Index.Add(Name, false);
    }

    private async Task Step()
    {
        try
        {
            await Driver().Step(_deactivated.Token);
            if (_driver?.Progress is { } progress) _history.Add(progress);
        }
        catch (HoneException e)
        {
            await state.Write(state.State with { ResumeAt = state.State.Phase, Phase = e is PausedException ? StudyPhase.Paused : StudyPhase.Failed, Reason = e.Message });
            await Cut();
        }
    }

    // The study's work leaves the queue: what is leased hears it at its next heartbeat, and training writes a checkpoint then.
    private Task Cut() => GrainFactory.GetGrain<IJobQueueGrain>(Capability.Cpu).Cancel(Name);
}
