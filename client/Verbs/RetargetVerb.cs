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
using Hone.Data;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary><c>hone retarget</c>: the front that a study's trials draw on another device, without training.</summary>
internal static class RetargetVerb
{
    public static Command Create(Terminal terminal)
    {
        var study = new Argument<string>("STUDY") { Description = "its name" };
        var device = new Option<string>("--device") { Description = "the device to price for, for example kv260", Required = true };
        var set = new Option<string[]>("--set") { Description = "an option of the device, NAME=VALUE, as a study file has it (for example engine=one)" };
        var most = new Option<string[]>("--at-most") { Description = "a limit in place of the study's on that metric, METRIC=VALUE" };
        var least = new Option<string[]>("--at-least") { Description = "a limit in place of the study's on that metric, METRIC=VALUE" };
        Option<string?> output = VerbOptions.Out("folder for front.json, front.csv, front.svg, trials.jsonl and report.html (default: only shown)");
        Option<string> dataDir = VerbOptions.DataDir();
        Option<string?> cluster = VerbOptions.Cluster();
        var command = new Command("retarget", "Draw a finished or running study's front for another device; nothing is trained. Accuracies are those of the search.")
        {
            study, device, set, most, least, output, dataDir, cluster,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            DeviceSpec target = Device(parsed.GetValue(device)!, parsed.GetValue(set) ?? []);
            ValueList<Constraint> limits =
            [
                .. (parsed.GetValue(most) ?? []).Select(t => Limit(t, "--at-most", Side.AtMost)), .. (parsed.GetValue(least) ?? []).Select(t => Limit(t, "--at-least", Side.AtLeast)),
            ];
            string name = parsed.GetValue(study)!;
            await using ClusterVisit visit = await ClusterVisit.OpenAsync(parsed.GetValue(dataDir)!, parsed.GetValue(cluster), cancel);
            StudyStatus status = await visit.Grains.GetGrain<IStudyGrain>(name).Status();
            if (status.Error is { } unknown) throw new HoneException(unknown);
            using ResultFolder? folder = parsed.GetValue(output) is { } path ? new ResultFolder(path, TimeProvider.System) : null;
            folder?.BeginTrials();
            long start = Stopwatch.GetTimestamp();
            RetargetUpdate last = await Follow(visit.Grains.GetGrain<IStudyGrain>(name).Retarget(target, limits, cancel), folder);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            string text = await Text(last);
            FrontFile front = FrontFile.Parse(text, name);
            if (folder is not null)
            {
                folder.WriteWhole(ResultWriter.Front, text);
                ResultWriter.Draw(folder, front);
            }
            if (parsed.Json())
            {
                JsonObject shown = JsonNode.Parse(text)!.AsObject();
                (shown["device"], shown["trials"], shown["seconds"], shown["exported"]) = (target.Name, last.Total, Math.Round(seconds, 3), new JsonArray([.. last.Exported.Select(e => (JsonNode)e)]));
                await terminal.Out.WriteLineAsync(shown.ToJsonString(JsonView.Options));
                return 0;
            }
            terminal.Screen.Write(FrontTable.Of(front));
            int[] exported = [.. front.Members.Select(m => m.Ordinal).Where(o => last.Exported.Contains(o))];
            await terminal.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{front.Members.Count} members on {target.Name}, out of {last.Total} trials in {seconds:0.0} s; accuracies as the search saw them"));
            await terminal.Out.WriteLineAsync(exported.Length > 0 ? $"exported by the study already: {string.Join(", ", exported)}" : "none of them is exported yet");
            await terminal.Out.WriteLineAsync($"to fine-tune and export them, run the study under a new name with devices: [{target.Name}]; what was trained is used again");
            return 0;
        });
        return command;
    }

    private static async Task<RetargetUpdate> Follow(IAsyncEnumerable<RetargetUpdate> updates, ResultFolder? folder)
    {
        RetargetUpdate? last = null;
        await foreach (RetargetUpdate update in updates)
        {
            if (update.Error is { } error) throw update.ExitCode == 2 ? new SpecException(error) : new HoneException(error);
            folder?.Append(update.Trials.Select(t => t.Line));
            last = update;
        }
        return last ?? throw new HoneException("the silo ended before it had drawn the front; run the same command again");
    }

    private static async Task<string> Text(RetargetUpdate last)
    {
        using var reader = new StreamReader(new FolderBlobStore(last.BlobRoot).Open(last.Front ?? throw new HoneException("the silo ended before it had drawn the front; run the same command again")), Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    /// <summary>NAME=VALUE pairs as a study file's device options: numbers and true/false as such.</summary>
    internal static DeviceSpec Device(string name, string[] options)
    {
        var read = new JsonObject();
        foreach (string option in options)
        {
            (string key, string value) = Pair(option, "--set", "NAME=VALUE");
            read[key] = double.TryParse(value, CultureInfo.InvariantCulture, out double number) ? JsonValue.Create(number) : bool.TryParse(value, out bool flag) ? JsonValue.Create(flag) : JsonValue.Create(value);
        }
        return new DeviceSpec(name, null, read);
    }

    internal static Constraint Limit(string text, string option, Side side)
    {
        (string metric, string value) = Pair(text, option, "METRIC=VALUE");
        return double.TryParse(value, CultureInfo.InvariantCulture, out double limit) && double.IsFinite(limit) ? new Constraint(metric, side, limit)
            : throw new SpecException($"{option}: expected METRIC=VALUE with a number, for example latency_ms=0.4, got '{text}'");
    }

    private static (string, string) Pair(string text, string option, string form)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (text[..equals], text[(equals + 1)..]) : throw new SpecException($"{option}: expected {form}, got '{text}'");
    }
}
