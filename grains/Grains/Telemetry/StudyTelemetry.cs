using System.Diagnostics;
using Hone.Contracts;
using Hone.Contracts.Telemetry;
using Hone.Model;
using Hone.Search;
using Hone.Studies;
using Microsoft.Extensions.Logging;
using Span = Hone.Contracts.Telemetry.Span;

namespace Hone.Grains.Telemetry;

/// <summary>What one study tells while a silo keeps it: its phase, its trials, how its front grows, and the traces of its trials. Nothing of the study reads it.</summary>
internal sealed partial class StudyTelemetry(string study, TrialSampling sampling, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan ShowEvery = TimeSpan.FromSeconds(1);
    private static readonly Seats Seats = new(Label.MostSeats);
    private readonly TrialTraces _traces = new(study, sampling, clock);
    private readonly Dictionary<int, long> _asked = [];   // when, by ordinal; open trials
    private IStudy? _study;
    private (StudyPhase Phase, long Since)? _at;
    private int? _seat;
    private FrontVolume? _front;
    private long _shown;

    /// <summary>A request came that hands it in.</summary>
    public void Submitted() => _traces.Submission = Activity.Current is { Recorded: true } caller ? caller.Context : _traces.Submission;

    /// <summary>It was opened and stands in that phase.</summary>
    public void Opened(IStudy opened, StudyPhase phase)
    {
        _study = opened;
        At(phase);
    }

    /// <summary>It stands in that phase. Cheap; told again and again.</summary>
    public void At(StudyPhase phase)
    {
        if (_study is null || _at?.Phase == phase) return;
        Leave();
        _at = (phase, clock.GetTimestamp());
        HoneMeter.Studies.Add(1, Method, Label.Phase.Of(phase));
        Show();
        Entered(log, study, phase);
        if (phase is StudyPhase.Prepare or StudyPhase.Search or StudyPhase.Finish) Sit();
        else Rise();
    }

    /// <summary>Another silo keeps it from now on, or nobody.</summary>
    public void Gone()
    {
        Leave();
        Rise();
        _traces.Cut();
        _at = null;
    }

    /// <summary>It begins again from its journal because of this.</summary>
    public void Stumbled(Exception why)
    {
        Stumbles(log, why, study);
        HoneMeter.Stumbles.Add(1, Method);
    }

    /// <summary>Its journal was read and replayed, from a timestamp of the clock on.</summary>
    public void Replayed(IEnumerable<Trial> trials, long since)
    {
        _traces.Cut();
        _asked.Clear();
        _front = FrontVolume.Of(_study!.Spec);
        _front.Add(trials);
        Show();
        HoneMeter.Replays.Record(Since(since), Method);
    }

    /// <summary>A trial begins.</summary>
    public void Asked(Asked asked)
    {
        _asked[asked.Ordinal] = clock.GetTimestamp();
        _traces.Asked(asked.Ordinal, asked.Candidate, _study!.Batch);
    }

    /// <summary>Trials are priced.</summary>
    public Task<T> Priced<T>(IEnumerable<Asked> asked, Func<Task<T>> price) => _traces.Within(Span.Price, asked.Select(a => a.Ordinal), price);

    /// <inheritdoc cref="TrialTraces.Of"/>
    public string? TraceOf(IEnumerable<int> ordinals) => _traces.Of(ordinals);

    /// <summary>A page of trials is written.</summary>
    public async Task Committed(IReadOnlyCollection<Trial> trials, Func<Task> write)
    {
        long began = clock.GetTimestamp();
        await _traces.Within(Span.Commit, trials.Select(t => t.Ordinal), async () =>
        {
            await write();
            return 0;
        });
        HoneMeter.Commits.Record(Since(began), Method);
        foreach (Trial trial in trials)
        {
            HoneMeter.Trials.Add(1, Method, Label.Outcome.Of(trial.Outcome));
            if (_asked.Remove(trial.Ordinal, out long asked)) HoneMeter.TrialTime.Record(Since(asked), Method, Label.Outcome.Of(trial.Outcome));
        }
        _traces.Committed(trials);
        _front?.Add(trials);
        if (clock.GetElapsedTime(_shown) >= ShowEvery) Show();
    }

    /// <inheritdoc cref="TrialTraces.Page"/>
    public ValueList<TrialTrace> Traces(int from, int count) => _traces.Page(from, count);

    private KeyValuePair<string, object?> Method => Label.Method.Of(_study?.Spec.Method ?? Label.Other);

    private double Since(long timestamp) => clock.GetElapsedTime(timestamp).TotalSeconds;

    private void Show()
    {
        _shown = clock.GetTimestamp();
        if (_seat is { } seat && _front?.Value is { } volume) HoneMeter.Front.Record(volume, Method, Label.Seat.Of(seat));
    }

    private void Leave()
    {
        if (_at is not var (phase, since)) return;
        HoneMeter.Studies.Add(-1, Method, Label.Phase.Of(phase));
        HoneMeter.Phases.Record(Since(since), Method, Label.Phase.Of(phase));
    }

    private void Sit()
    {
        if (_seat is not null || (_seat = Seats.Take()) is not { } seat) return;
        Seated(log, study, seat);
    }

    // A series stays when what it told of has gone: it must say then that nobody is there.
    private void Rise()
    {
        if (_seat is not { } seat) return;
        HoneMeter.Front.Record(double.NaN, Method, Label.Seat.Of(seat));
        Seats.Leave(seat);
        _seat = null;
    }

    [LoggerMessage(LogLevel.Information, "study {Study} is in phase {Phase}")]
    private static partial void Entered(ILogger log, string study, StudyPhase phase);

    [LoggerMessage(LogLevel.Information, "study {Study} has seat {Seat} in hone.front.hypervolume")]
    private static partial void Seated(ILogger log, string study, int seat);

    [LoggerMessage(LogLevel.Warning, "the study '{Study}' stumbled and starts again from its journal")]
    private static partial void Stumbles(ILogger log, Exception why, string study);
}
