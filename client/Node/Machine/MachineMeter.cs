using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Runtime;
using Hone.Devices.Measuring;
using Hone.Model;

namespace Hone.Node.Machine;

/// <summary>Measures workloads with the kernels of this machine's processor.</summary>
internal sealed class MachineMeter : IMeter
{
    private const ulong Seed = 1;   // weights are random: a kernel's time does not depend on them
    private const int SentinelRuns = 2_000, MostNotes = 16;
    private readonly Workers _workers;
    private readonly Sampler _sampler;
    private readonly NodeInfo _info;

    private MachineMeter(int threads)
    {
        _workers = new Workers(threads, Cores.Pin);
        var sentinel = new Sentinel(threads);
        _sampler = new Sampler(SamplingPolicy.Default, () => _workers.Run(sentinel), TimeProvider.System);
        string processor = Facts.Processor(), instructions = InstructionSets.InUse;
        _info = new NodeInfo($"{Environment.MachineName}/{Environment.ProcessId}", $"{processor}/{instructions}/{threads} threads/kernels {CpuNetwork.Version}", processor, instructions,
            Environment.ProcessorCount, threads, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Facts.Governor(), null);
    }

    /// <param name="threads">0: one for each core.</param>
    /// <exception cref="SpecException">More threads than cores, or fewer than one.</exception>
    public static MachineMeter Open(int threads)
    {
        int cores = Environment.ProcessorCount;
        if (threads < 0 || threads > cores) throw new SpecException($"--threads: expected 1 to {cores}, the cores of this machine, got {threads}");
        var meter = new MachineMeter(threads == 0 ? cores : threads);
        var prepares = new Thread(() =>
        {
            Cores.Pin(0);
            Rehearsal.Run(meter._workers);
            meter._sampler.Prepare(SentinelRuns);
        });
        prepares.Start();
        prepares.Join();
        return meter;
    }

    public NodeInfo Describe() => _info with { Celsius = Facts.Celsius(), SentinelMs = _sampler.Best };

    public Metered Measure(Workload workload, double? sentinel, Action<int> step, CancellationToken cancel)
    {
        Coverage coverage = CpuNetwork.Covers(workload);
        if (!coverage.Complete) throw new HoneException($"{coverage.Operation}: {coverage.Reason}");
        long began = TimeProvider.System.GetTimestamp();
        var network = new CpuNetwork(workload, _workers, Seed);
        double built = TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
        Cores.Pin(0);   // this thread works, too
        if (sentinel is { } best) _sampler.Adopt(best);
        Sample sample = _sampler.Measure(network.Run, step, cancel);
        ValueList<string> notes = Remarks.Together(network.Notes).Take(MostNotes).ToValueList();
        return new Metered(new Reading(sample.Milliseconds, sample.Spread, sample.Blocks, _info.Calibration, sample.Drift, sample.Mark is { } mark ? [mark] : [], notes, _sampler.Best), built + sample.WarmUpMs);
    }

    public void Dispose() => _workers.Dispose();
}
