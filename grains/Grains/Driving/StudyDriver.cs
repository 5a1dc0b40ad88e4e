using Hone.Contracts;
using Hone.Contracts.Telemetry;
using Hone.Model;

namespace Hone.Grains.Driving;

/// <summary>Takes a study from phase to phase, one short step at a time. Everything that it must not forget lies in the state and the journal.</summary>
internal sealed class StudyDriver
{
    private readonly StudyPlace _place;
    private readonly SearchPhase _search;
    private readonly FinishPhase _finish;
    private readonly CandidateTrainings _trainings;

    public StudyDriver(StudyPlace place)
    {
        (_place, _trainings) = (place, new CandidateTrainings(place));
        (_search, _finish) = (new SearchPhase(place, _trainings), new FinishPhase(place));
        place.Telemetry.Opened(place.Study, place.State.Phase);
        Questions = new StudyQuestions(place, _search.Committed);
    }

    public StudyQuestions Questions { get; }

    /// <summary>Of the running phase; null before it is known.</summary>
    public Progress? Progress { get; private set; }

    public void Inbox(JobReport report) => _place.Inbox(report);

    /// <inheritdoc cref="CandidateTrainings.Heard"/>
    public void Heard(string job, Progress progress) => _trainings.Heard(job, progress);

    /// <inheritdoc cref="CandidateTrainings.Take"/>
    public Task<TrainingCheckpoint?> Checkpoint(string job, TrainingCheckpoint checkpoint) => _trainings.Take(job, checkpoint);

    /// <summary>Ends a wait for news: somebody else wants its turn.</summary>
    public void Wake() => _place.Wake();

    /// <summary>Takes the training that candidates share off the queue, while it is not done; another study that wants it asks for it again within a second.</summary>
    public Task CancelShared() => _place.State.Shared is null ? _place.Queue.Cancel(_place.SupernetKey) : Task.CompletedTask;

    /// <summary>Does what can be done now, then waits a moment for news.</summary>
    public Task Step(CancellationToken cancel) => _place.State.Phase switch
    {
        StudyPhase.Prepare => Prepare(cancel),
        StudyPhase.Search => Search(cancel),
        StudyPhase.Finish => Finish(cancel),
        _ => Task.CompletedTask,
    };

    /// <summary>Ordinals of failed trials that were not retried.</summary>
    public Task<ValueList<int>> Failed() => _search.Failed();

    public async Task<StudyStatus> Status()
    {
        await _search.Committed();   // the counts are the journal's
        return Now();
    }

    private StudyStatus Now() => new(
        _place.Spec.Study, _place.Spec.Method, _place.State.Phase, _place.State.Reason, null,
        _place.State.Phase is StudyPhase.Failed or StudyPhase.Paused ? 1 : 0, _search.Counts, _place.Spec.Budget.Trials,
        Progress, _place.State.Artifacts, _place.BlobRoot, _place.Spec.Objectives);

    /// <summary>Committed trials in ordinal order.</summary>
    public Task<IReadOnlyList<Trial>> Trials() => _search.Committed();

    /// <summary>Committed trials from an ordinal on as journal lines: one message's worth. Whether there are more, too.</summary>
    public async Task<(ValueList<TrialLine> Lines, bool More)> Lines(int from)
    {
        IReadOnlyList<Trial> trials = await Trials();
        ValueList<TrialLine> lines = TrialPage.Of(trials.Skip(from).Select(Line));
        return (lines, from + lines.Count < trials.Count);
    }

    /// <summary>Those of some ordinals that are committed, as journal lines: one message's worth.</summary>
    public async Task<ValueList<TrialLine>> Lines(ValueList<int> ordinals)
    {
        IReadOnlyList<Trial> trials = await Trials();
        return TrialPage.Of(ordinals.Where(o => o >= 0 && o < trials.Count).Select(o => Line(trials[o])));
    }

    private TrialLine Line(Trial trial) => new(trial, StudyJson.Line(trial, _place.Study.Space));

    /// <inheritdoc cref="Telemetry.StudyTelemetry.Traces"/>
    public ValueList<TrialTrace> Traces(int from, int count) => _place.Telemetry.Traces(from, count);

    private async Task Prepare(CancellationToken cancel)
    {
        SupernetStatus status = await _place.Grains.GetGrain<ISupernetGrain>(_place.SupernetKey).Ensure(_place.SpecText);
        Progress = status.Progress;
        if (status.Problem is { Failure: { } failure }) throw new HoneException(failure.Message);
        if (status.Problem is { Stuck: not null } stuck) throw PausedException.Of("the shared training", stuck);
        if (status.Ready is { } shared && await SameData(status))
            await Enter(StudyPhase.Search, s => s with { Shared = shared, Numerics = status.Numerics, Data = status.Data });
        else await _place.WaitForReport(TimeSpan.FromMilliseconds(200), cancel);
    }

    // The name of what is shared holds where the images lie, not what they are: a slot looks before what is remembered of them is used again.
    private async Task<bool> SameData(SupernetStatus status)
    {
        if (status.Data is null) return true;
        var job = new Job($"{_place.Spec.Study}/check", JobKind.Check, _place.Spec.Study, _place.SpecText, Shared: status.Ready, Numerics: status.Numerics, Data: status.Data);
        if (_place.Take(job.Id) is { } report) return report.Failure is { } failure ? throw new HoneException(failure.Message) : true;
        await _place.Queue.Enqueue([job]);
        return false;
    }

    private async Task Search(CancellationToken cancel)
    {
        bool over = await _search.Step(cancel);
        Progress = _search.Waits is { } waits ? new Progress(waits, 0, 0) : _trainings.Progress;
        if (!over) return;
        await _place.Queue.Cancel(_place.Spec.Study);   // what was open when the time was over
        await Enter(StudyPhase.Finish, s => s with { Reason = _search.Early ?? s.Reason });
    }

    private async Task Finish(CancellationToken cancel)
    {
        ValueList<Artifact>? artifacts = await _finish.Step(await _search.Entries(), cancel);
        Progress = _finish.Progress;
        if (artifacts is not { } files) return;
        await Enter(StudyPhase.Done, s => s with { Artifacts = files, Reason = string.Join("; ", new[] { s.Reason, _finish.Early }.OfType<string>()) is { Length: > 0 } said ? said : null });
    }

    private async Task Enter(StudyPhase phase, Func<StudyState, StudyState> change)
    {
        await _place.Save(s => change(s) with { Phase = phase });
        Progress = null;
    }
}
