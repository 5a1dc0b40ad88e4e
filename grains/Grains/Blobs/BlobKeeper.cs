using System.Diagnostics.Metrics;
using Hone.Contracts;
using Hone.Data;
using Hone.Model;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Hone.Grains.Blobs;

/// <summary>A silo's own blob store, as other silos ask for it and as collections see it.</summary>
/// <param name="Blobs">The bytes.</param>
/// <param name="Folder">The same as files, from which other silos read; null where all silos reach the store themselves.</param>
/// <param name="Name">Where it lies, for people.</param>
/// <param name="Quota">Bytes; null: no limit.</param>
public sealed record OwnBlobs(IBlobStore Blobs, FolderBlobStore? Folder, string Name, long? Quota);

/// <summary>Looks through this silo's store, away from any grain's turn, and tells the meters what it found.</summary>
public sealed class BlobKeeper
{
    private static readonly Meter Meter = new("Hone");
    private static readonly Counter<long> Collected = Meter.CreateCounter<long>("hone.blobs.collected", "By", "Bytes of blobs that nothing needed and that were let go.");
    private readonly OwnBlobs _own;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _clock;
    private BlobSurvey? _last;

    public BlobKeeper(OwnBlobs own, IServiceProvider services, TimeProvider clock)
    {
        (_own, _services, _clock) = (own, services, clock);
        Meter.CreateObservableGauge("hone.blobs.size", () => Seen(s => s.Bytes), "By", "Bytes in the blob store at the last survey.");
        Meter.CreateObservableGauge("hone.blobs.reachable", () => Seen(s => s.ReachableBytes), "By", "Bytes of blobs that are needed, at the last survey.");
        Meter.CreateObservableGauge("hone.blobs.count", () => Seen(s => s.Count), "{blob}", "Blobs in the store at the last survey.");
    }

    /// <summary>One survey of the store.</summary>
    /// <param name="silo">Its name, for people.</param>
    /// <param name="olderThan">What nothing names is old from this age on.</param>
    /// <param name="remove">Whether it is let go.</param>
    public async Task<BlobSurvey> Survey(string silo, TimeSpan olderThan, bool remove)
    {
        string? problem = null;
        HashSet<BlobId> needed = [];
        try
        {
            needed = await new StoredStates(_services.GetRequiredKeyedService<IGrainStorage>("Default"), _services.GetRequiredService<IGrainFactory>()).Reachable();
        }
        catch (HoneException e)
        {
            problem = e.Message;
        }
        // Where it is not known what is needed nothing counts as old.
        DateTimeOffset before = problem is null ? _clock.GetUtcNow() - olderThan : DateTimeOffset.MinValue;
        var (all, reachable, old) = BlobWalk.Through(_own.Blobs, needed, before, remove);
        if (remove) Collected.Add(old.Bytes);
        return _last = new BlobSurvey(_own.Name, silo, all.Count, all.Bytes, reachable.Count, reachable.Bytes, old.Count, old.Bytes, remove, _own.Quota, problem);
    }

    private Measurement<long>[] Seen(Func<BlobSurvey, long> figure) => _last is { } survey ? [new(figure(survey))] : [];
}
