using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains.Driving;

/// <summary>Takes a study from phase to phase, one short step at a time. Everything that it must not forget lies in the state and the journal.</summary>
internal sealed class StudyDriver
{
    private readonly StudyPlace _place;
    private readonly SearchPhase _search;
    private readonly FinishPhase _finish;
    private Progress? _progress;

    public StudyDriver(StudyPlace place)
    {
        (_place, _search, _finish) = (place, new SearchPhase(place), new FinishPhase(place));
        Questions = new StudyQuestions(place, _search.Committed);
    }

    public StudyQuestions Questions { get; }

    public void Inbox(JobReport report) => _place.Inbox(report);

    /// <summary>Takes the study's work off the queue: what is leased hears it at its next heartbeat, and training writes a checkpoint then.</summary>
    /// <param name="shared">Also the training that candidates share; another study that wants it asks for it again within a second.</param>
    public async Task Cancel(bool shared)
    {
        await _place.Queue.Cancel(_place.Spec.Study);
        if (shared && _place.State.Shared is null) await _place.Queue.Cancel(_place.SupernetKey);
    }

    /// <summary>Does what can be done now, then waits a moment for news.</summary>
    public Task Step(CancellationToken cancel) => _place.State.Phase switch
    {
        StudyPhase.Prepare => Prepare(cancel),
        StudyPhase.Search => Search(cancel),
        StudyPhase.Finish => Finish(cancel),
        _ => Task.CompletedTask,
    };

    public async Task<StudyStatus> Status()
    {
        await _search.Committed();   // the counts are the journal's
        return Now();
    }

    private StudyStatus Now() => new(
        _place.Spec.Study, _place.Spec.Method, _place.State.Phase, _place.State.Reason, null,
        _place.State.Phase is StudyPhase.Failed or StudyPhase.Paused ? 1 : 0, _search.Counts, _place.Spec.Budget.Trials,
        _progress, _place.State.Artifacts, _place.BlobRoot, _place.Spec.Objectives);

    /// <summary>Committed trials from an ordinal on as journal lines.</summary>
    public async Task<ValueList<TrialLine>> Lines(int from, int most)
    {
        IReadOnlyList<Trial> trials = await _search.Committed();
        return trials.Skip(from).Take(most).Select(t => new TrialLine(t, StudyJson.Line(t, _place.Study.Space))).ToValueList();
    }

    private async Task Prepare(CancellationToken cancel)
    {
        SupernetStatus status = await _place.Grains.GetGrain<ISupernetGrain>(_place.SupernetKey).Ensure(_place.SpecText);
        _progress = status.Progress;
        if (status.Problem is { Failure: { } failure }) throw new HoneException(failure.Message);
        if (status.Problem is { Lost.Count: > 0 } lost) throw new PausedException($"the shared training was lost {lost.Lost.Count} times, at last because: {lost.Lost[^1]}; mend the cause and run the study again");
        if (status.Ready is { } shared)
        {
            (_place.State.Shared, _place.State.Numerics) = (shared, status.Numerics);
            await Enter(StudyPhase.Search);
        }
        else
        {
            await _place.WaitForReport(TimeSpan.FromMilliseconds(200), cancel);
        }
    }

    private async Task Search(CancellationToken cancel)
    {
        if (await _search.Step(cancel)) await Enter(StudyPhase.Finish);
    }

    private async Task Finish(CancellationToken cancel)
    {
        ValueList<Artifact>? artifacts = await _finish.Step(await _search.Entries(), cancel);
        _progress = _finish.Progress;
        if (artifacts is not { } files) return;
        _place.State.Artifacts = files;
        await Enter(StudyPhase.Done);
    }

    private async Task Enter(StudyPhase phase)
    {
        _progress = null;
        _place.State.Phase = phase;
        await _place.Save();
    }
}
