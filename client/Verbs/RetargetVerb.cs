using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hone.Client.Cluster;
using Hone.Client.Follow;
using Hone.Client.Results;
using Hone.Client.Views;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary><c>hone retarget</c>: the front that a study's trials draw on another device, without training.</summary>
internal static class RetargetVerb
{
    private const string Costs = "costs.json", Ended = "the silo ended before it had drawn the front; run the same command again";

    public static Command Create(Terminal terminal)
    {
        var study = new Argument<string>("STUDY") { Description = "its name" };
        var device = new Option<string>("--device") { Description = "the device to price for, for example kv260", Required = true };
        var attached = new Option<bool>("--attached") { Description = "the device is one that nodes measure, even if none was attached yet" };
        var set = new Option<string[]>("--set") { Description = "an option of the device, NAME=VALUE, as a study file has it (for example engine=one)" };
        var most = new Option<string[]>("--at-most") { Description = "a limit in place of the study's on that metric, METRIC=VALUE" };
        var least = new Option<string[]>("--at-least") { Description = "a limit in place of the study's on that metric, METRIC=VALUE (for example accuracy=85)" };
        Option<string?> output = VerbOptions.Out("folder for front.json, costs.json, front.csv, front.svg, trials.jsonl and report.html (default: only shown)");
        var command = new Command("retarget", "Draw a finished or running study's front for another device; nothing is trained. Accuracies are those of the search.")
        {
            study, device, attached, set, most, least, output,
        };
        PlaceOptions place = PlaceOptions.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            DeviceSpec target = RetargetOptions.Device(parsed.GetValue(device)!, parsed.GetValue(set) ?? []) with { Kind = parsed.GetValue(attached) ? DeviceLine.Attached : null };
            ValueList<Constraint> limits =
            [
                .. (parsed.GetValue(most) ?? []).Select(t => RetargetOptions.Limit(t, "--at-most", Side.AtMost)), .. (parsed.GetValue(least) ?? []).Select(t => RetargetOptions.Limit(t, "--at-least", Side.AtLeast)),
            ];
            string? path = parsed.GetValue(output);
            if (path is not null) RetargetOptions.OwnFolder(path);
            string name = parsed.GetValue(study)!;
            await using ClusterVisit visit = await ClusterVisit.OpenAsync(place.Of(parsed), cancel);
            IStudyDesk asked = visit.Cluster.Study(name);
            RequestStep.Accepted(await asked.Status());
            long start = Stopwatch.GetTimestamp();
            (RetargetUpdate last, FrontFile front, string text) = await Draw(asked.Retarget(target, limits, cancel), visit.Cluster, path, name, new WaitNote(terminal.Error, TimeProvider.System).Say);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (parsed.Json())
            {
                JsonObject shown = JsonNode.Parse(text)!.AsObject();
                (shown["device"], shown["trials"], shown["unmeasured"], shown["seconds"]) = (target.Name, last.Total, last.Unmeasured, Math.Round(seconds, 3));
                shown["exported"] = new JsonArray([.. last.Exported.Select(e => (JsonNode)e)]);
                await terminal.Out.WriteLineAsync(shown.ToJsonString(JsonView.Options));
                return 0;
            }
            FrontTable.Write(front, terminal.Screen, TimeProvider.System.GetUtcNow());
            foreach (string line in Lines(front, last, target.Name, seconds)) await terminal.Out.WriteLineAsync(line);
            return 0;
        });
        return command;
    }

    /// <summary>Follows the updates; a folder is made and written from the first good one on, so a refused request leaves what is there as it is.</summary>
    internal static async Task<(RetargetUpdate Last, FrontFile Front, string Text)> Draw(IAsyncEnumerable<RetargetUpdate> updates, IBlobSource blobs, string? path, string name, Action<string>? waits = null)
    {
        ResultFolder? folder = null;
        try
        {
            RetargetUpdate? last = null;
            await foreach (RetargetUpdate update in updates)
            {
                if (update.Error is { } error) throw update.ExitCode == ErrorLine.Usage ? new SpecException(error) : new HoneException(error);
                if (update.Waits is { } what)
                {
                    waits?.Invoke(what);
                    continue;
                }
                if (path is not null && folder is null)
                {
                    folder = new ResultFolder(path, TimeProvider.System);
                    folder.BeginTrials();
                }
                folder?.Append(update.Trials.Select(t => t.Line));
                last = update;
            }
            if (last is not { Front: { } drawn, Costs: { } costs }) throw new HoneException(Ended);
            string text = await Text(blobs, last.BlobRoot, drawn);
            FrontFile front = FrontFile.Parse(text, name);
            if (folder is null) return (last, front, text);
            folder.WriteWhole(ResultWriter.Front, text);
            folder.WriteWhole(Costs, await Text(blobs, last.BlobRoot, costs));
            ResultWriter.Draw(folder, front);
            return (last, front, text);
        }
        finally
        {
            folder?.Dispose();
        }
    }

    /// <summary>What stands below the table.</summary>
    internal static IEnumerable<string> Lines(FrontFile front, RetargetUpdate last, string device, double seconds)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{front.Members.Count} members on {device}, out of {last.Total} trials in {seconds:0.0} s; accuracies as the search saw them");
        if (last.Unmeasured > 0)
            yield return $"{last.Unmeasured} of {last.Total} trials could not be considered: rejected on {string.Join(", ", last.Devices)} before their accuracy was measured";
        int[] exported = [.. front.Members.Select(m => m.Ordinal).Where(o => last.Exported.Contains(o))];
        yield return exported.Length > 0 ? $"exported by the study already: {string.Join(", ", exported)}" : "none of them is exported yet";
        yield return $"to fine-tune and export them, run the study under a new name with devices: [{device}]; what was trained is used again";
    }

    private static async Task<string> Text(IBlobSource blobs, string root, BlobId blob)
    {
        using var reader = new StreamReader(await blobs.OpenAsync(blob, root, CancellationToken.None), Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
