using System.CommandLine;
using System.Text.Json;
using Hone.Client.Cluster;
using Hone.Client.Views;
using Hone.Contracts;
using Hone.Model;
using Spectre.Console;

namespace Hone.Client.Verbs;

/// <summary><c>hone blobs</c>: what the blob stores of a cluster hold, and letting go what no study needs.</summary>
internal static class BlobsVerb
{
    private const string Usual = "24h";

    public static Command Create(Terminal terminal) => new("blobs", "The stores of weights, checkpoints and results.") { Status(terminal), Collect(terminal) };

    private static Command Status(Terminal terminal)
    {
        var status = new Command("status", "Show how much each store holds, and how much of it a study needs.");
        PlaceOptions place = PlaceOptions.AddTo(status);
        status.SetAction(async (parsed, cancel) =>
            await Show(terminal, await ClusterVisit.AskAsync(place.Of(parsed), cluster => cluster.Blobs(Usual, remove: false, cancel), cancel), parsed.Json()));
        return status;
    }

    private static Command Collect(Terminal terminal)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "only count what would go" };
        var older = new Option<string>("--older-than") { Description = "age from which on a blob goes that no study needs, such as 24h or 7d; at least 1h", DefaultValueFactory = _ => Usual };
        var collect = new Command("gc", "Let go the blobs that no study needs (a control silo does so each hour).") { dryRun, older };
        PlaceOptions place = PlaceOptions.AddTo(collect);
        collect.SetAction(async (parsed, cancel) =>
        {
            string age = parsed.GetValue(older)!;
            BlobAge.Parse("--older-than", age);
            return await Show(terminal, await ClusterVisit.AskAsync(place.Of(parsed), cluster => cluster.Blobs(age, !parsed.GetValue(dryRun), cancel), cancel), parsed.Json());
        });
        return collect;
    }

    /// <summary>A table of stores with what is wrong below it, or a JSON array; exit code 1 when a store could not be looked through.</summary>
    internal static async Task<int> Show(Terminal terminal, IReadOnlyList<BlobSurvey> surveys, bool json)
    {
        if (json) await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(surveys, JsonView.Options));
        else
        {
            var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
            foreach (string column in new[] { "store", "silo", "blobs", "size", "needed", "old", "quota" }) table.AddColumn(column);
            foreach (BlobSurvey s in surveys)
                table.AddRow(new[] { s.Store, s.Silo, $"{s.Count}", ByteSize.Text(s.Bytes), $"{s.Reachable}, {ByteSize.Text(s.ReachableBytes)}", Old(s), s.Quota is { } q ? ByteSize.Text(q) : "none" }.Select(Markup.Escape).ToArray());
            terminal.Screen.Write(table);
            foreach (BlobSurvey s in surveys.Where(s => s.Problem is not null)) await terminal.Out.WriteLineAsync($"{s.Silo}: {s.Problem}");
        }
        return surveys.Any(s => s.Problem is not null) ? 1 : 0;
    }

    private static string Old(BlobSurvey s) => s.Old == 0 ? "none" : $"{s.Old}, {ByteSize.Text(s.OldBytes)}{(s.Removed ? " let go" : "")}";
}
