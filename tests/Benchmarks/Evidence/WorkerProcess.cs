using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>Starts this program again as a <see cref="Worker"/> and reads its answer.</summary>
/// <param name="arguments">What says which evidence, scale and cache.</param>
internal sealed class WorkerProcess(ValueList<string> arguments)
{
    /// <summary>Runs a unit to its end in a process of its own; cancelled, the process saves its checkpoint first.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="HoneException">The worker failed: its last words.</exception>
    public UnitLine Run(Unit unit, CancellationToken cancel) => UnitLine.Parse(Ask(["--unit", unit.Key], cancel));

    /// <summary>The speed of so many workers at once.</summary>
    public Speed Measure(int workers)
    {
        var speeds = new Speed[workers];
        var failures = new List<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(w => new Thread(() =>
        {
            try { speeds[w] = JsonSerializer.Deserialize<Speed>(Ask(["--speed"], CancellationToken.None)); }
            catch (Exception e) { lock (failures) failures.Add(e); }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        if (failures.Count > 0) throw new HoneException($"measuring this machine's speed: {failures[0].Message}", failures[0]);
        return new Speed(speeds.Sum(s => s.Training), speeds.Sum(s => s.Evaluation));
    }

    private string Ask(ValueList<string> more, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        string program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        foreach (string argument in (string[])["worker", .. arguments, .. more]) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start) ?? throw new HoneException($"expected a worker process from {program}, none was started");
        using CancellationTokenRegistration end = cancel.Register(process.StandardInput.Close);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string answer = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        if (process.ExitCode == Worker.Cancelled) throw new OperationCanceledException(cancel);
        cancel.ThrowIfCancellationRequested();
        return process.ExitCode == 0 ? answer : throw new HoneException($"a worker ended with {process.ExitCode}: {LastWords(errors.Result)}");
    }

    private static string LastWords(string errors) => errors.Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, 2_000)] : "it said nothing";
}
