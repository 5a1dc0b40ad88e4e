using System.Runtime.InteropServices;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>Plan, run, write the table.</summary>
internal static class EvidenceRunner
{
    private const int Rounds = 3;   // weights trained again on another processor make older results stale, once

    /// <summary>0; 1 when cut.</summary>
    public static int Run(IEvidence evidence, EvidencePart part, Places places, WorkerProcess process, int workers, bool planOnly, TextWriter log)
    {
        if (part.Timed) workers = 1;
        var store = new UnitStore(places.Units(evidence.Store));
        Speed speed = process.Measure(workers);
        EvidencePlan.Print(evidence, part, store, places.Blobs, speed, workers, log);
        if (planOnly) return 0;
        using FileStream alone = Lock(places);
        using var cut = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cut), terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cut);
        try
        {
            for (int round = 0; round < Rounds && UnitOrder.Open(part.Units.Value, store, places.Blobs) is { Count: > 0 } open; round++)
                new WorkPool(store, places, process, workers, speed, log).Run(open, cut.Token);
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            log.WriteLine("cut; finished units are kept, run the same command to go on");
            return 1;
        }
        EvidenceReport.Write(evidence, store, places);
        if (UnitOrder.Open(part.Units.Value, store, places.Blobs) is { Count: > 0 } left)
        {
            log.WriteLine($"{left.Count} units are still open after {Rounds} rounds, {left[0].Id} among them: their weights come out different each time; see where chance or time enters");
            return 1;
        }
        log.WriteLine($"table: {places.Readme ?? Path.Combine(places.Folder, $"{evidence.Name}.md")} and {places.Table(evidence.Name)}");
        return 0;

        void Cut(PosixSignalContext context)
        {
            context.Cancel = true;
            cut.Cancel();
        }
    }

    // Two runs at once would write one file.
    private static FileStream Lock(Places places)
    {
        Directory.CreateDirectory(places.Cache);
        string path = Path.Combine(places.Cache, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new HoneException($"evidence: {path} is held by another run: wait for it, or give this one a --cache of its own", e);
        }
    }
}
