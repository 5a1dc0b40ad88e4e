using System.Text.Json.Nodes;
using Hone.Client.Cluster;
using Hone.Client.Telemetry;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Follow;

/// <summary>
/// Follows a study to its end: submits, reads committed trials from the last ordinal on, and does both again after any loss of the cluster. Writes
/// trials.jsonl and log.jsonl as it goes.
/// </summary>
internal sealed class RunFollower(IStudySession session, ResultFolder folder, IRunView view, TimeProvider time)
{
    /// <summary>Losses in a row, without anything new, after which it gives up; a silo that dies is counted by its session.</summary>
    private const int MostLosses = 120;

    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(5), Again = TimeSpan.FromMilliseconds(500);

    /// <summary>A study says something five times a second; so long a silence means that the silo it lived on died, which others may not tell.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly RunTracker _tracker = new(time);
    private StudyPhase _logged;
    private long _loggedAt;
    private int _losses;
    private int? _until;

    /// <summary>Follows until the study is done, paused or failed.</summary>
    /// <param name="study">Its name.</param>
    /// <param name="spec">Canonical text to submit; null to watch only.</param>
    /// <param name="until">So many trials are enough, wherever the study stands; null: to its end.</param>
    /// <returns>The last status; its trials are all written.</returns>
    /// <exception cref="HoneException">Refused, out of reach, or the folder cannot be written.</exception>
    public async Task<RunState> FollowAsync(string study, string? spec, CancellationToken cancel, int? until = null)
    {
        _until = until;
        for (bool begun = false; ;)
        {
            IStudySource source = await session.OpenAsync(study, cancel);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, source.Lost);
            try
            {
                StudyStatus status = await source.Status().WaitAsync(Silence, time, either.Token);
                // Submitted once: what came back after a loss may have been paused by someone meanwhile.
                if (spec is not null && (!begun || status.Phase == StudyPhase.Unknown))
                {
                    if (status.Phase == StudyPhase.Paused) view.Note($"{study} was paused ({status.Reason}); it goes on");
                    status = await source.Submit(spec).WaitAsync(either.Token);
                }
                Refuse(status);
                if (!begun) folder.BeginTrials();
                begun = true;
                if (await FollowAsync(source, either.Token) is { } end) return end;
            }
            catch (Exception e) when (e is not HoneException && !cancel.IsCancellationRequested)
            {
                if (++_losses > MostLosses)
                    throw new HoneException($"the cluster does not answer ({e.Message.ReplaceLineEndings(" ")}); run the same command to go on", e);
                if (!source.Lost.IsCancellationRequested) await Task.Delay(Again, time, cancel);
            }
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>One subscription; null when it ended before the study did.</summary>
    private async Task<RunState?> FollowAsync(IStudySource source, CancellationToken cancel)
    {
        IAsyncEnumerator<StudyUpdate> updates = source.Watch(_tracker.Next, cancel).GetAsyncEnumerator(cancel);
        RunState? last = null;
        try
        {
            // A dead silo answers no call: a move is left behind as soon as the loss is known.
            while (await updates.MoveNextAsync().AsTask().WaitAsync(Silence, time, cancel))
            {
                last = Take(updates.Current);
                if (_tracker.Next >= _until) return last;
            }
        }
        finally
        {
            _ = LetGo(updates);
        }
        if (last is null || !Ended(last.Status.Phase) || _tracker.Next < last.Status.Counts.Committed) return null;
        Log(last, final: true);
        return last;
    }

    private RunState Take(StudyUpdate update)
    {
        Refuse(update.Status);
        TracedStudy.Received(update);
        var lines = new List<string>();
        foreach (TrialLine line in update.Trials)
        {
            if (line.Trial.Ordinal < _tracker.Next) continue;
            if (line.Trial.Ordinal > _tracker.Next || line.Trial.Ordinal >= _until) break;   // a gap is asked for again
            _tracker.Add(line.Trial, update.Status.Objectives);
            lines.Add(line.Line);
        }
        if (lines.Count > 0) folder.Append(lines);
        var (state, further) = _tracker.See(update.Status);
        if (further)
        {
            _losses = 0;
            session.Progressed();
        }
        Log(state, final: false);
        view.Show(state);
        return state;
    }

    private void Log(RunState state, bool final)
    {
        StudyStatus status = state.Status;
        bool begins = status.Phase != _logged && status.Phase != StudyPhase.Unknown;
        if (!begins && (final || time.GetElapsedTime(_loggedAt) < LogEvery)) return;
        (_logged, _loggedAt) = (status.Phase, time.GetTimestamp());
        var entry = new JsonObject();
        if (begins) entry["phase"] = Name(status.Phase);
        else entry["in"] = Name(status.Phase);
        entry["committed"] = status.Counts.Committed;
        entry["evaluated"] = status.Counts.Evaluated;
        entry["rejected"] = status.Counts.Rejected;
        if (status.Progress is { } progress)
        {
            (entry["stage"], entry["step"], entry["steps"]) = (progress.Stage, progress.Step, progress.Steps);
            foreach (Figure figure in progress.Values) entry[figure.Name] = figure.Value;
        }
        if (state.Left is { } left) entry["left_s"] = Math.Round(left.TotalSeconds);
        if (status.Reason is { } reason) entry["reason"] = reason;
        folder.Log(entry);
    }

    /// <summary>As written in log.jsonl.</summary>
    public static string Name(StudyPhase phase) => phase.ToString().ToLowerInvariant();

    private static bool Ended(StudyPhase phase) => phase is StudyPhase.Done or StudyPhase.Paused or StudyPhase.Failed;

    private static void Refuse(StudyStatus status)
    {
        if (status.Error is not { } error) return;
        throw status.ExitCode == 2 ? new SpecException(error) : new HoneException(error);
    }

    private static async Task LetGo(IAsyncEnumerator<StudyUpdate> updates)
    {
        try
        {
            await updates.DisposeAsync();
        }
        catch (Exception)
        {
            // Nobody waits for it, and what it says of a connection given up concerns nobody.
        }
    }
}
