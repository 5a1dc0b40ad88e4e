using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Hone.Model;
using Hone.Neural;

namespace Hone.Benchmarks.Evidence;

/// <summary>
/// The program as a worker: one unit, or one measurement of speed, on the main thread of a process of its own; the answer is one line on standard output. It
/// is cancelled, and saves its checkpoint, when standard input ends, so it never outlives whoever started it.
/// </summary>
/// <remarks>
/// Why processes: torch's thread pools and memory belong to a process, so a unit neither waits for another's nor inherits its heap, and one that
/// crashes natively takes nothing with it.
/// </remarks>
internal static class Worker
{
    public const int Cancelled = 3;

    /// <summary>Runs the unit of this key and prints its line.</summary>
    public static int Unit(IEvidence evidence, string key, Places places, string device, TextWriter output)
    {
        var store = new UnitStore(places.Units(evidence.Store));
        Unit unit = evidence.Parts.SelectMany(p => UnitOrder.All(p.Units.Value)).FirstOrDefault(u => u.Key == key)
            ?? throw new SpecException($"evidence: no unit has the key {key}; workers are started by the evidence command");
        using var cut = new CancellationTokenSource();
        new Thread(() =>
        {
            using Stream input = Console.OpenStandardInput();
            if (input.ReadByte() < 0) cut.Cancel();
        }) { IsBackground = true }.Start();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cut), terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cut);
        try
        {
            double before = Sentinel.Ratio();
            long start = Stopwatch.GetTimestamp();
            var run = new UnitRun(unit, store, places, device, cut.Token);
            UnitResult result = unit.Work(run);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, after = Sentinel.Ratio();
            string? blob = unit.LeavesBlob ? places.Blobs.Put(result.Blob ?? throw new InvalidOperationException($"{unit.Id} left no blob")).Hex : null;
            output.WriteLine(new UnitLine(unit.Id, unit.Key, store.From(unit), blob, result.Found, seconds, Math.Max(before, after) <= Sentinel.Limit,
                run.Placed == "cpu" ? Numerics.Class(1) : $"{Numerics.Class(1)} {run.Placed}").Text());
            return 0;
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            return Cancelled;
        }

        void Cut(PosixSignalContext context)
        {
            context.Cancel = true;
            cut.Cancel();
        }
    }

    /// <summary>Measures the speed of one worker and prints it.</summary>
    public static int Speed(IEvidence evidence, TextWriter output)
    {
        output.WriteLine(JsonSerializer.Serialize(evidence.Measure()));
        return 0;
    }
}
