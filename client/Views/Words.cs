using Hone.Client.Follow;
using Hone.Client.Results;
using Hone.Contracts;
using Hone.Model;
using Hone.Search;

namespace Hone.Client.Views;

/// <summary>What a run does, in words; every view says it the same way.</summary>
internal static class Words
{
    public static string Of(StudyPhase phase) => phase switch
    {
        StudyPhase.Prepare => "training what candidates share",
        StudyPhase.Search => "searching",
        StudyPhase.Finish => "finishing the front",
        StudyPhase.Done => "done",
        StudyPhase.Paused => "paused",
        StudyPhase.Failed => "failed",
        _ => "starting",
    };

    /// <summary>How far the running phase is.</summary>
    public static (double Done, double All) Progress(StudyStatus status) => status.Phase switch
    {
        StudyPhase.Search => (status.Counts.Evaluated, status.Budget),
        StudyPhase.Done => (1, 1),
        _ => (status.Progress?.Step ?? 0, status.Progress?.Steps ?? 0),
    };

    /// <summary>"step 120 of 900, loss 1.21, 3100 images/s".</summary>
    public static string Figures(StudyStatus status)
    {
        TrialCounts counts = status.Counts;
        if (status.Phase is StudyPhase.Search or StudyPhase.Done or StudyPhase.Paused)
            return $"{counts.Evaluated} of {status.Budget} evaluated, {counts.Rejected} rejected, {counts.Duplicates} duplicates" + (counts.Failed > 0 ? $", {counts.Failed} failed" : "")
                + (status.Phase != StudyPhase.Search || status.Progress is not { } doing ? "" : doing.Step == 0 ? $"; waits: {doing.Stage}" : $"; {string.Join(", ", [doing.Stage, $"step {doing.Step}", .. doing.Values.Select(Figure)])}");
        if (status.Progress is not { } progress) return "";
        string steps = progress.Steps > 0 ? $"step {progress.Step} of {progress.Steps}" : $"step {progress.Step}";
        return string.Join(", ", [progress.Stage, steps, .. progress.Values.Select(Figure)]);
    }

    /// <summary>"2:05" or "1:02:05".</summary>
    public static string Time(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}" : $"{time.Minutes}:{time.Seconds:00}";

    public static string Left(RunState state) => state.Left is { } left && state.Status.Phase != StudyPhase.Done ? $"about {Time(left)} left in this phase" : "";

    /// <summary>The plot of a running search.</summary>
    public static FrontPlot? Plot(RunState state)
    {
        if (state.Status.Objectives.Count < 2 || state.Front.Count == 0) return null;
        Objective upward = state.Status.Objectives[0], across = state.Status.Objectives[1];
        return new FrontPlot(across, upward, Values(FrontFidelity.Trials(state.Evaluated)), [.. Values(state.Front).OrderBy(p => p.X).ThenBy(p => p.Y)], state.Status.Objectives.Count == 2);

        (double X, double Y)[] Values(IEnumerable<Trial> trials) => [.. trials.Select(t => (t.Value(across.Metric)!.Value, t.Value(upward.Metric)!.Value))];
    }

    private static string Figure(Figure figure) => figure.Unit is "1" or ""
        ? figure.Name.Contains('/', StringComparison.Ordinal) ? $"{Digits.Short(figure.Value)} {figure.Name}" : $"{figure.Name} {Digits.Short(figure.Value)}"
        : $"{figure.Name} {Digits.With(figure.Value, figure.Unit)}";
}
