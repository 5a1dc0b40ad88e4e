using Hone.Contracts;
using Hone.Silo.Hosting;

namespace Hone.Silo.Blobs;

/// <summary>Has the blobs that no study needs let go, each hour; of several control silos the one that comes first does it.</summary>
internal sealed class BlobCollector(IGrainFactory grains, SiloOptions options, TimeProvider clock, ILogger<BlobCollector> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1), Slack = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Collect(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "the blob stores could not be collected; trying again in an hour");
            }
        }
    }

    private async Task Collect(CancellationToken cancel)
    {
        IBlobGrain blobs = grains.GetGrain<IBlobGrain>("all");
        if (!await blobs.Due(Every - Slack)) return;
        await foreach (BlobSurvey survey in blobs.Survey(options.BlobStore.Age, remove: true, cancel))
            if (survey.Problem is { } problem) log.LogWarning("blobs of {Store}: {Problem}", survey.Store, problem);
    }
}
