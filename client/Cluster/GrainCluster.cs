using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Cluster;

/// <summary>A cluster over Orleans.</summary>
internal sealed class GrainCluster(IGrainFactory grains, CancellationToken lost = default) : ICluster
{
    private readonly GrainBlobs _blobs = new(grains);

    public ITokenDesk Tokens { get; } = new GrainTokens(grains);

    public IDeviceDesk Devices { get; } = new GrainDevices(grains);

    public async Task<IReadOnlyList<string>> Names() => [.. (await grains.GetGrain<IStudyIndexGrain>("all").All()).Order(StringComparer.Ordinal)];

    public async Task<StudyStatus[]> Studies()
    {
        return await Task.WhenAll((await Names()).Select(name => OneAsync(name, () => grains.GetGrain<IStudyGrain>(name).Status())));
    }

    public IStudyDesk Study(string name) => new GrainStudySource(grains, name, lost);

    public async Task<IReadOnlyList<BlobSurvey>> Blobs(string olderThan, bool remove, CancellationToken cancel)
    {
        List<BlobSurvey> surveys = [];
        await foreach (BlobSurvey survey in grains.GetGrain<IBlobGrain>("all").Survey(BlobAge.Parse("--older-than", olderThan), remove, cancel)) surveys.Add(survey);
        return surveys;
    }

    public Task<bool?> HasSlots() => HasSlotsAsync(grains.GetGrain<IJobQueueGrain>("cpu"));

    public Task<Stream> OpenAsync(BlobId blob, string root, CancellationToken cancel) => _blobs.OpenAsync(blob, root, cancel);

    /// <summary>The status of one study among others: when it cannot be had, that is what is said of it, and the others are shown.</summary>
    internal static async Task<StudyStatus> OneAsync(string name, Func<Task<StudyStatus>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new StudyStatus(name, "", StudyPhase.Unknown, $"its status cannot be had: {e.Message.ReplaceLineEndings(" ")}", null, ErrorLine.Failed, new TrialCounts(0, 0, 0, 0, 0), 0, null, [], "", []);
        }
    }

    /// <summary>Whether compute slots are there; null when that is not to be had: what was asked for is done all the same.</summary>
    internal static async Task<bool?> HasSlotsAsync(IJobQueueGrain queue)
    {
        try
        {
            return (await queue.Status()).Slots.Count > 0;
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or HoneException)
        {
            return null;
        }
    }
}
