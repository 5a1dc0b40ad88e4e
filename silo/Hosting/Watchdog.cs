using Hone.Contracts;

namespace Hone.Silo.Hosting;

/// <summary>Each second, wakes every running study: whatever died with another silo goes on here.</summary>
internal sealed class Watchdog(IGrainFactory grains, TimeProvider clock, ILogger<Watchdog> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (string study in (await grains.GetGrain<IStudyIndexGrain>("all").Running()).AsEnumerable())
                    await grains.GetGrain<IStudyGrain>(study).Ensure();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogDebug(e, "the studies could not be reached; trying again");
            }
        }
    }
}
