using Hone.Contracts;
using Hone.Grains;

namespace Hone.Cluster.Tests.Running;

/// <summary>The list of studies that the watchdog wakes.</summary>
public sealed class StudyIndexTests
{
    [Fact]
    public async Task AStudyIsListedAsRunningBeforeItsStateIsWritten()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 0);
        IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>("zdt");
        await study.Status();   // it has read that there is no state
        await silo.Storage.WriteStateAsync("study", study.GetGrainId(), new GrainState<StudyState>(new StudyState()));   // so its own write is refused: it ends there, as a silo might
        await Assert.ThrowsAnyAsync<Exception>(() => study.Submit(StudyRunTests.Spec(trials: 20)));
        Assert.Equal(["zdt"], await silo.Grains.GetGrain<IStudyIndexGrain>("all").Running());
    }
}
