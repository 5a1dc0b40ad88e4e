using System.CommandLine;
using System.Diagnostics;
using Hone.Benchmarks.Evidence;
using Hone.Model;

namespace Hone.Benchmarks.Fuzz;

/// <summary><c>fuzz [--seconds 60] [--seed 1]</c>: spoiled requests to the HTTP interface and spoiled studies to what reads them, half of the time each.</summary>
internal static class FuzzCommand
{
    private const uint Stream = 100;   // of chance: no study has it
    private const int MostPerSecond = 200;

    private const string Known = """{"budget":{"trials":30},"constraints":[{"at_most":0.05,"metric":"latency_ms"}],"data":{"name":"none"},"devices":["zcu102-eighth"],"finish":"""
        + """{"members":2},"method":"synthetic","model":{"cost":"gemm","problem":"zdt1","variables":6},"objectives":[{"metric":"f1"},{"metric":"latency_ms"}],"search":{"algorithm":"random","window":3},"seed":3,"study":"known"}""";

    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "how long", DefaultValueFactory = _ => 60 };
        var seed = new Option<int>("--seed") { Description = "the same seed gives the same inputs", DefaultValueFactory = _ => 1 };
        var command = new Command("fuzz", "Spoil requests to the HTTP interface and studies to what reads them; exit code 1 when anything answers as it must not.") { seconds, seed };
        command.SetAction((parsed, cancel) => RunAsync(TimeSpan.FromSeconds(parsed.GetValue(seconds)), (ulong)parsed.GetValue(seed), Console.Out, cancel));
        return command;
    }

    public static async Task<int> RunAsync(TimeSpan length, ulong seed, TextWriter output, CancellationToken cancel)
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(Places.Repository, "client", "studies"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText)];
        var findings = new Findings(Path.Combine(Places.Repository, "artifacts", "fuzz"), output);
        var studies = new StudyFuzz(new Chance(seed, Stream), findings, files);
        await output.WriteLineAsync($"fuzz: {length.TotalSeconds:0} s, seed {seed}, half for what reads studies, half for the HTTP interface (at most {MostPerSecond} requests a second)");
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < length / 2 && !cancel.IsCancellationRequested;) studies.Step();
        await output.WriteLineAsync($"studies: {studies.Runs} spoiled, {studies.Taken} of them still good, the others refused");

        string[] bodies = [.. files.Select(f => StudyJson.Canonical(StudyFuzz.Read(f)))];
        await using FuzzSilo silo = await FuzzSilo.StartAsync("known", Known);
        var requests = new ApiFuzz(new Chance(seed, Stream + 1), findings, silo, bodies);
        int sent = 0;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) is var spent && spent < length / 2 && !cancel.IsCancellationRequested;)
        {
            if (sent++ > spent.TotalSeconds * MostPerSecond) await Task.Delay(5, cancel);
            await requests.StepAsync(cancel);
        }
        await output.WriteLineAsync($"requests: {requests.Answers.Values.Sum()}; by status {string.Join(", ", requests.Answers.Select(a => $"{(a.Key == 0 ? "none" : $"{a.Key}")}: {a.Value}"))}");
        await output.WriteLineAsync(findings.Count == 0 ? "nothing found" : $"{findings.Count} findings");
        return findings.Count == 0 ? 0 : 1;
    }
}
