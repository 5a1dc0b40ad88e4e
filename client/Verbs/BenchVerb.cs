using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Client.Results;
using Hone.Client.Silo;
using Hone.Model;
using Spectre.Console;

namespace Hone.Client.Verbs;

/// <summary><c>hone bench</c>: has the silo program measure its parts and shows each beside its reference and its goal.</summary>
internal static class BenchVerb
{
    public static Command Create(Terminal terminal)
    {
        var part = new Argument<string>("PART") { Description = "what to measure (default: all)", DefaultValueFactory = _ => "all" };
        var command = new Command("bench", "Measure the hot parts on this machine, each beside its reference.") { part };
        command.SetAction(async (parsed, cancel) =>
        {
            string json = await MeasureAsync(SiloProgram.Find(), parsed.GetValue(part)!, cancel);
            if (parsed.Json()) await terminal.Out.WriteLineAsync(json.Trim());
            else terminal.Screen.Write(Table(json));
            return 0;
        });
        return command;
    }

    private static async Task<string> MeasureAsync(string program, string part, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, ["--bench", part, "--json"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancel), error = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode == 0) return await output;
            string line = (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? $"exit code {process.ExitCode}";
            throw process.ExitCode == ErrorLine.Usage ? new SpecException(line) : new HoneException($"bench {part} failed: {line}");
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    internal static Table Table(string json)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (string column in new[] { "part", "what", "value", "reference", "ratio", "goal", "" }) table.AddColumn(column);
        foreach (int numbers in new[] { 2, 3, 4, 5 }) table.Columns[numbers].Alignment = Justify.Right;
        try
        {
            foreach (JsonNode? row in JsonNode.Parse(json)!.AsArray())
            {
                string Text(string key) => Markup.Escape(row![key] is { } node ? node.GetValueKind() == JsonValueKind.Number ? Digits.Short((double)node) : node.ToString() : "-");
                table.AddRow(Text("part"), Text("name"), $"{Text("value")} {Text("unit")}", Text("reference"), Text("ratio"), Text("goal"),
                    row!["met"]?.GetValueKind() switch { JsonValueKind.True => "[green]met[/]", JsonValueKind.False => "[yellow]not met[/]", _ => "" });
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new HoneException($"expected a JSON array from the silo's bench, got something else ({e.Message}); build client and silo together", e);
        }
        return table;
    }
}
