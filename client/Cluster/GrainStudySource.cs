using Hone.Contracts;

namespace Hone.Client.Cluster;

/// <summary>A study over Orleans.</summary>
internal sealed class GrainStudySource(IGrainFactory grains, string study, CancellationToken lost) : IStudySource
{
    private readonly IStudyGrain _grain = grains.GetGrain<IStudyGrain>(study);

    public CancellationToken Lost => lost;

    public Task<StudyStatus> Submit(string spec) => _grain.Submit(spec).WaitAsync(lost);

    public Task<StudyStatus> Status() => _grain.Status().WaitAsync(lost);

    public IAsyncEnumerable<StudyUpdate> Watch(int from, CancellationToken cancel) => _grain.Watch(from, cancel).WithBatchSize(1);   // a page is a message already
}
