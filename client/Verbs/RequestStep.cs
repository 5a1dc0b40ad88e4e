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
    public static Command Create(Terminal terminal, string name, string description, Option[] options, Func<IStudyDesk, ParseResult, Task<StudyStatus>> ask)
    {
        var study = new Argument<string>("STUDY") { Description = "its name" };
        var command = new Command(name, description) { study };
        PlaceOptions place = PlaceOptions.AddTo(command);
        foreach (Option option in options) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            var (status, worker) = await ClusterVisit.AskAsync(place.Of(parsed), async cluster =>
                (Accepted(await ask(cluster.Study(parsed.GetValue(study)!), parsed)), await cluster.HasSlots()), cancel);
            await terminal.Out.WriteLineAsync(parsed.Json() ? Json(status, worker).ToJsonString(JsonView.Options) : Line(status, worker));
            return 0;
        });
        return command;
    }

    /// <summary>The status of a request that was taken.</summary>
    /// <exception cref="HoneException">It was refused; the cluster's own line.</exception>
    public static StudyStatus Accepted(StudyStatus status) => status.Error is not { } error ? status
        : throw (status.ExitCode == ErrorLine.Usage ? new SpecException(error) : new HoneException(error));

    /// <summary>The status, and <c>"worker"</c>: whether compute slots are there to go on with it, where that is known.</summary>
    internal static JsonObject Json(StudyStatus status, bool? worker)
    {
        JsonObject line = JsonView.Of(status);
        if (worker is { } known) line["worker"] = known;
        return line;
    }

    internal static string Line(StudyStatus status, bool? worker)
    {
        string next = status.Phase switch
        {
            StudyPhase.Paused => $"`hone resume {status.Study}`, or `hone run` with its file, goes on",
            StudyPhase.Done => $"`hone export {status.Study} --out DIR` writes its results",
            StudyPhase.Failed => "mend the cause, then `hone run` with its file tries again",
            _ when worker != false => $"`hone watch {status.Study}` follows it",
            _ => "no compute slot is here to go on with it: `hone run` with its file does",
        };
        string reason = status.Reason is { } why && why != Words.Of(status.Phase) ? $" ({why})" : "";
        return $"{status.Study}: {Words.Of(status.Phase)}{reason}; {status.Counts.Evaluated} of {status.Budget} evaluated; {next}";
    }
}
