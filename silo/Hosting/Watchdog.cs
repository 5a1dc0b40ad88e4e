using Hone.Contracts;
using Hone.Model;

namespace Hone.Silo.Hosting;

/// <summary>Each second, wakes every running study: whatever died with another silo goes on here.</summary>
internal sealed class Watchdog(IGrainFactory grains, TimeProvider clock, ILogger<Watchdog> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        do
        {
            ValueList<string> running = [];
            await Try(async () => running = await grains.GetGrain<IStudyIndexGrain>("all").Running());
            foreach (string study in running.AsEnumerable()) await Try(() => grains.GetGrain<IStudyGrain>(study).Ensure());   // one that cannot be woken leaves the others alone
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));   // at once at first: a silo that takes another's place is waited for
    }

    private async Task Try(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogDebug(e, "the studies could not be reached; trying again");
        }
    }
}
