using Hone.Contracts;
using Hone.Model;
using Microsoft.Extensions.Logging;

namespace Hone.Grains.Telemetry;

/// <summary>What one study tells the meters while a silo keeps it: its phase, its trials and how its front grows.</summary>
internal sealed partial class StudyMeter(string study, TimeProvider clock, ILogger log)
{
    private static readonly Seats Seats = new(Label.MostSeats);
    private (string Method, StudyPhase Phase, long Since)? _at;
    private int? _seat;
    private FrontVolume? _front;

    /// <summary>The study is in that phase.</summary>
    public void At(string method, StudyPhase phase)
    {
        if (_at is var (_, known, _) && known == phase) return;
        Leave();
        _at = (method, phase, clock.GetTimestamp());
        HoneMeter.Studies.Add(1, Label.Method.Of(method), Label.Phase.Of(phase));
        Entered(log, study, phase);
        if (phase is StudyPhase.Prepare or StudyPhase.Search or StudyPhase.Finish) Sit();
        else Rise();
    }

    /// <summary>Another silo keeps it from now on, or nobody.</summary>
    public void Gone()
    {
        Leave();
        Rise();
        _at = null;
    }

    /// <summary>It began again from its journal because of this.</summary>
    public void Stumbled(Exception why)
    {
        Stumbles(log, why, study);
        HoneMeter.Stumbles.Add(1, Method);
    }

    /// <summary>The journal was read and replayed.</summary>
    public void Replayed(StudySpec spec, IEnumerable<Trial> trials, TimeSpan time)
    {
        _front = new FrontVolume(spec.Objectives, Math.Min(FrontVolume.First, spec.Budget.Trials));
        _front.Add(trials);
        HoneMeter.Replays.Record(time.TotalSeconds, Label.Method.Of(spec.Method));
    }

    /// <summary>A page was written.</summary>
    /// <param name="trials">Its trials.</param>
    /// <param name="time">How long the writing took.</param>
    public void Committed(IReadOnlyCollection<Trial> trials, TimeSpan time)
    {
        HoneMeter.Commits.Record(time.TotalSeconds, Method);
        foreach (Trial trial in trials) HoneMeter.Trials.Add(1, Method, Label.Outcome.Of(trial.Outcome));
        _front?.Add(trials);
        if (_seat is { } seat && _front?.Value is { } volume) HoneMeter.Front.Record(volume, Method, Label.Seat.Of(seat));
    }

    private KeyValuePair<string, object?> Method => Label.Method.Of(_at?.Method ?? Label.Other);

    private void Leave()
    {
        if (_at is not var (method, phase, since)) return;
        HoneMeter.Studies.Add(-1, Label.Method.Of(method), Label.Phase.Of(phase));
        HoneMeter.Phases.Record(clock.GetElapsedTime(since).TotalSeconds, Label.Method.Of(method), Label.Phase.Of(phase));
    }

    private void Sit()
    {
        if (_seat is not null || (_seat = Seats.Take()) is not { } seat) return;
        Seated(log, study, seat);
    }

    // The series of a seat stays when its study has gone: it must say that nobody is there.
    private void Rise()
    {
        if (_seat is not { } seat) return;
        HoneMeter.Front.Record(double.NaN, Method, Label.Seat.Of(seat));
        Seats.Leave(seat);
        _seat = null;
    }

    [LoggerMessage(LogLevel.Information, "study {Study} is in phase {Phase}")]
    private static partial void Entered(ILogger log, string study, StudyPhase phase);

    [LoggerMessage(LogLevel.Information, "study {Study} goes by seat {Seat} in hone.front.hypervolume")]
    private static partial void Seated(ILogger log, string study, int seat);

    [LoggerMessage(LogLevel.Warning, "the study '{Study}' stumbled and starts again from its journal")]
    private static partial void Stumbles(ILogger log, Exception why, string study);
}
