using Hone.Contracts;
using Hone.Grains.Telemetry;
using Hone.Studies;
using Hone.Silo.Hosting;

namespace Hone.Silo.Slots;

/// <summary>Runs the silo's compute slots: a dedicated thread each, below the silo's own priority, so that Orleans' probes never wait for torch.</summary>
internal sealed class SlotService(SiloOptions options, IGrainFactory grains, WorkPlace place, IHostApplicationLifetime lifetime, ILoggerFactory logs) : IHostedService
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Thread> _threads = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        HoneMeter.Slots.Record(options.HasSlots ? options.Slots : 0);
        if (options.HasSlots) lifetime.ApplicationStarted.Register(Start);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        foreach (Thread thread in _threads)
            while (thread.IsAlive && !cancellationToken.IsCancellationRequested) await Task.Delay(20, CancellationToken.None);
    }

    private void Start()
    {
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.Max(1, options.Slots);   // of the machine, or of the container's limit
        string process = $"{Environment.MachineName}/{Environment.ProcessId}";
        for (int i = 0; i < options.Slots; i++)
        {
            var slot = new Slot($"{process}/{i}", memory, grains.GetGrain<IJobQueueGrain>(Hone.Grains.Capability.Cpu), place, logs.CreateLogger<Slot>());
            var thread = new Thread(() => slot.Run(_stop.Token)) { IsBackground = true, Name = $"slot {i}" };
            _threads.Add(thread);
            thread.Start();
        }
    }
}
