using Hone.Contracts;
using Hone.Grains;
using Hone.Grains.Journal;
using Hone.Model;

namespace Hone.Cluster.Tests.Running;

/// <summary>Studies that this build cannot open, beside one that it can.</summary>
public class ClosedStudyTests
{
    [Fact]
    public async Task AStudyThatCannotBeOpenedTellsWhyAndTheOthersGoOn()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        IStudyIndexGrain index = silo.Grains.GetGrain<IStudyIndexGrain>("all");
        IStudyGrain strange = silo.Grains.GetGrain<IStudyGrain>("strange"), changed = silo.Grains.GetGrain<IStudyGrain>("changed");
        string spec = StudyRunTests.Spec("strange").Replace("synthetic", "of-tomorrow", StringComparison.Ordinal);
        await Put(silo, strange, new StudyState { Spec = spec, Phase = StudyPhase.Search });
        await Put(silo, changed, new StudyState { Spec = StudyRunTests.Spec("changed"), Phase = StudyPhase.Done });
        await new JournalStore(silo.Storage, changed.GetGrainId()).Append([new JournalEntry(new Trial(0, "x1=9", new Outcome.Duplicate(0)), null)], default);
        await index.Add("strange", true);
        await index.Add("changed", false);

        StudyStatus status = await strange.Status();
        Assert.Contains("of-tomorrow", status.Reason);
        Assert.Equal(("strange", 60), (status.Study, status.Budget));
        status = await changed.Status();
        Assert.Equal((StudyPhase.Done, null), (status.Phase, status.Error));
        Assert.Contains("journal and spec differ", status.Reason);
        Assert.Contains("journal and spec differ", (await silo.Follow("changed")).Status.Error);

        await silo.Grains.GetGrain<IStudyGrain>("zdt").Submit(StudyRunTests.Spec());
        Assert.Equal(StudyPhase.Done, (await silo.Follow("zdt")).Status.Phase);
        await strange.Ensure();
        for (int i = 0; i < 300 && (await strange.Status()).Phase != StudyPhase.Failed; i++) await Task.Delay(20);
        Assert.Equal(StudyPhase.Failed, (await strange.Status()).Phase);   // it does not run for ever
        Assert.Contains("of-tomorrow", (await strange.Resume()).Reason);
    }

    private static Task Put(LocalSilo silo, IStudyGrain study, StudyState state) => silo.Storage.WriteStateAsync("study", study.GetGrainId(), new GrainState<StudyState>(state));
}
