using System.Text.Json.Nodes;
using Hone.Client.Cluster;
using Hone.Client.Follow;
using Hone.Client.Results;
using Hone.Client.Views;
using Hone.Contracts;
using Hone.Model;
using Spectre.Console;

namespace Hone.Client.Verbs;

/// <summary>What <c>run</c> and <c>watch</c> do alike: follow a study with a view, write its results, tell how it ended.</summary>
internal sealed class FollowStep(Terminal terminal, string study, string folder, bool json)
{
    private IRunView? _view;

    /// <summary>Shows a line in the view, or on the error output while there is none.</summary>
    public void Note(string line)
    {
        if (_view is { } view) view.Note(line);
        else terminal.Error.WriteLine(line);
    }

    /// <param name="session">Where the study is; ended here.</param>
    /// <param name="spec">To submit; null to watch.</param>
    /// <param name="kill">What a second interrupt does.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(IStudySession session, string? spec, Action kill)
    {
        using var stop = new StopSignals(() => Note("stopping; the silo writes its checkpoint (interrupt again to kill it)"), kill);
        RunState end;
        await using (session)
        {
            using var results = new ResultFolder(folder, TimeProvider.System);
            try
            {
                _view = json ? new JsonView(terminal.Out, TimeProvider.System) : terminal.Live ? new LiveView(terminal.Screen, study) : new PlainView(terminal.Out, TimeProvider.System);
                await using (_view) end = await new RunFollower(session, results, _view, TimeProvider.System).FollowAsync(study, spec, stop.Token);
            }
            catch (Exception e) when (ErrorLine.Of(e) is var (line, code))
            {
                results.Log(new JsonObject { ["error"] = line, ["exit"] = code });
                throw;
            }
            finally
            {
                _view = null;
            }
            if (end.Status.Phase == StudyPhase.Done) Tell(await ResultWriter.WriteAsync(results, end.Status, session, stop.Token), end);
        }
        return end.Status.Phase == StudyPhase.Done ? 0 : throw Ended(end.Status, watched: spec is null);
    }

    /// <summary>The error for a study that ended otherwise than done. The command that submits a paused study goes on with it; one that watches does not.</summary>
    internal static HoneException Ended(StudyStatus status, bool watched)
    {
        string reason = status.Reason ?? "no reason was given";
        return status.ExitCode == ErrorLine.Usage ? new SpecException($"{status.Study}: {reason}")
            : new HoneException($"{status.Study}: {Words.Of(status.Phase)}: {reason}" + (status.Phase != StudyPhase.Paused ? "" : watched ? $"; `hone resume {status.Study}` goes on" : "; run the same command to go on"));
    }

    private void Tell(FrontFile front, RunState end)
    {
        string full = Path.GetFullPath(folder);
        if (json)
        {
            JsonObject line = JsonView.Of(end.Status);
            line["elapsed_s"] = Math.Round(end.Elapsed.TotalSeconds, 1);
            line["out"] = full;
            line["front"] = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, ResultWriter.Front)));
            terminal.Out.WriteLine(line.ToJsonString(JsonView.Options));
            return;
        }
        TrialCounts counts = end.Status.Counts;
        FrontTable.Write(front, terminal.Screen, TimeProvider.System.GetUtcNow());
        terminal.Screen.WriteLine($"{front.Members.Count} members on the front of {counts.Evaluated} evaluated, {counts.Rejected} rejected, {counts.Duplicates} duplicate trials; {Words.Time(end.Elapsed)}");
        if (end.Status.Reason is { } reason) terminal.Screen.WriteLine($"ended early: {reason}");
        terminal.Screen.WriteLine($"report  {Path.Combine(full, "report.html")}");
        terminal.Screen.WriteLine($"front   {Path.Combine(full, "front.json")} (.csv, .svg)");
        terminal.Screen.WriteLine($"models  {Path.Combine(full, "models")}");
    }
}
