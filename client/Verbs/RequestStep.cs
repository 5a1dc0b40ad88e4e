using System.CommandLine;
using System.Text.Json.Nodes;
using Hone.Client.Cluster;
using Hone.Client.Views;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary>What pause, resume, stop and extend do alike: ask a study for something, tell where it stands then and who goes on with it.</summary>
internal static class RequestStep
{
    /// <param name="terminal">Where the answer goes.</param>
    /// <param name="name">The verb.</param>
    /// <param name="description">Its help.</param>
    /// <param name="options">What it takes besides the study.</param>
    /// <param name="ask">The request.</param>
    public static Command Create(Terminal terminal, string name, string description, Option[] options, Func<IStudyGrain, ParseResult, Task<StudyStatus>> ask)
    {
        var study = new Argument<string>("STUDY") { Description = "its name" };
        Option<string> dataDir = VerbOptions.DataDir();
        Option<string?> cluster = VerbOptions.Cluster();
        var command = new Command(name, description) { study, dataDir, cluster };
        foreach (Option option in options) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            await using ClusterVisit visit = await ClusterVisit.OpenAsync(parsed.GetValue(dataDir)!, parsed.GetValue(cluster), cancel);
            StudyStatus status = Accepted(await ask(visit.Grains.GetGrain<IStudyGrain>(parsed.GetValue(study)!), parsed).WaitAsync(cancel));
            bool worker = (await visit.Grains.GetGrain<IJobQueueGrain>("cpu").Status().WaitAsync(cancel)).Slots.Count > 0;
            await terminal.Out.WriteLineAsync(parsed.Json() ? Json(status, worker).ToJsonString(JsonView.Options) : Line(status, worker));
            return 0;
        });
        return command;
    }

    /// <summary>The status of a request that was taken.</summary>
    /// <exception cref="HoneException">It was refused; the cluster's own line.</exception>
    public static StudyStatus Accepted(StudyStatus status) => status.Error is not { } error ? status
        : throw (status.ExitCode == ErrorLine.Usage ? new SpecException(error) : new HoneException(error));

    /// <summary>The status, and <c>"worker"</c>: whether compute slots are there to go on with it.</summary>
    internal static JsonObject Json(StudyStatus status, bool worker)
    {
        JsonObject line = JsonView.Of(status);
        line["worker"] = worker;
        return line;
    }

    internal static string Line(StudyStatus status, bool worker)
    {
        string next = status.Phase switch
        {
            StudyPhase.Paused => $"`hone resume {status.Study}`, or `hone run` with its file, goes on",
            StudyPhase.Done => $"`hone export {status.Study} --out DIR` writes its results",
            StudyPhase.Failed => "mend the cause, then `hone run` with its file tries again",
            _ when worker => $"`hone watch {status.Study}` follows it",
            _ => "no compute slot is here to go on with it: `hone run` with its file does",
        };
        string reason = status.Reason is { } why && why != Words.Of(status.Phase) ? $" ({why})" : "";
        return $"{status.Study}: {Words.Of(status.Phase)}{reason}; {status.Counts.Evaluated} of {status.Budget} evaluated; {next}";
    }
}
