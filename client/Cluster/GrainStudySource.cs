using Hone.Client.Telemetry;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Cluster;

/// <summary>A study over Orleans.</summary>
internal sealed class GrainStudySource(IGrainFactory grains, string study, CancellationToken lost) : IStudyDesk
{
    private readonly IStudyGrain _grain = grains.GetGrain<IStudyGrain>(study);

    public CancellationToken Lost => lost;

    public Task<StudyStatus> Submit(string spec) => _grain.SubmitTraced(spec).WaitAsync(lost);

    public Task<StudyStatus> Status() => _grain.Status().WaitAsync(lost);

    public Task<StudyStatus> Pause() => _grain.Pause().WaitAsync(lost);

    public Task<StudyStatus> Resume() => _grain.Resume().WaitAsync(lost);

    public Task<StudyStatus> Stop() => _grain.Stop().WaitAsync(lost);

    public Task<StudyStatus> Extend(int trials) => _grain.Extend(trials).WaitAsync(lost);

    public Task<StudyStatus> Retry() => _grain.Retry().WaitAsync(lost);

    public Task<Explained> Explain(string asked) => _grain.Explain(asked).WaitAsync(lost);

    public IAsyncEnumerable<StudyUpdate> Watch(int from, CancellationToken cancel) => _grain.Watch(from, cancel).WithBatchSize(1);   // a page is a message already

    public IAsyncEnumerable<RetargetUpdate> Retarget(DeviceSpec device, ValueList<Constraint> limits, CancellationToken cancel) => _grain.Retarget(device, limits, cancel);
}
