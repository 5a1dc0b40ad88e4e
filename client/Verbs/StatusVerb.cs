using System.CommandLine;
using System.Text.Json.Nodes;
using Hone.Client.Cluster;
using Hone.Client.Specs;
using Hone.Client.Views;
using Hone.Contracts;
using Spectre.Console;

namespace Hone.Client.Verbs;

/// <summary><c>hone status</c>: where one study, or each, stands.</summary>
internal static class StatusVerb
{
    public static Command Create(Terminal terminal)
    {
        var study = new Argument<string?>("STUDY") { Description = "its name; without it every study is shown", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("status", "Show where a study stands.") { study };
        PlaceOptions place = PlaceOptions.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            ClusterPlace where = place.Of(parsed);
            if (parsed.GetValue(study) is not { } name) return await Show(terminal, await ClusterVisit.AskAsync(where, cluster => cluster.Studies(), cancel), parsed.Json());
            StudyStatus status = RequestStep.Accepted(await ClusterVisit.AskAsync(where, cluster => cluster.Study(name).Status(), cancel));
            if (parsed.Json()) await terminal.Out.WriteLineAsync(JsonView.Of(status).ToJsonString(JsonView.Options));
            else await terminal.Out.WriteLineAsync($"{status.Study} ({status.Method}): {Words.Of(status.Phase)}; {Words.Figures(status)}{(status.Reason is { } r ? $"; {r}" : "")}");
            return 0;
        });
        return command;
    }

    /// <summary>A table of studies, or a JSON array.</summary>
    public static async Task<int> Show(Terminal terminal, IReadOnlyList<StudyStatus> all, bool json)
    {
        if (json)
        {
            await terminal.Out.WriteLineAsync(new JsonArray([.. all.Select(s => (JsonNode)JsonView.Of(s))]).ToJsonString(JsonView.Options));
            return 0;
        }
        if (all.Count == 0)
        {
            await terminal.Out.WriteLineAsync("no studies yet; `hone run STUDY.yaml` starts one");
            return 0;
        }
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (string column in new[] { "study", "method", "stands at", "trials" }) table.AddColumn(column);
        foreach (StudyStatus s in all)
            table.AddRow(Markup.Escape(s.Study), Markup.Escape(s.Method), Markup.Escape(Words.Of(s.Phase) + (s.Reason is { } r ? $": {r}" : "")), $"{s.Counts.Evaluated} of {s.Budget}");
        terminal.Screen.Write(table);
        return 0;
    }
}
