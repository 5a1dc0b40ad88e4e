using System.Text;
using Hone.Contracts;
using Hone.Data;

namespace Hone.Cluster.Tests.Running;

/// <summary>Pause, resume, stop and extend on a whole silo.</summary>
public class StudyRequestTests
{
    private const int Long = 200, Moment = 20;   // trials; milliseconds of each, so that a request meets the study while it runs

    /// <summary>The journal and the front of a study that nobody interrupts, its evaluations without a pause: many to a job.</summary>
    private static async Task<(List<string> Lines, string Front)> Undisturbed(int trials)
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 2);
        await silo.Grains.GetGrain<IStudyGrain>("zdt").Submit(StudyRunTests.Spec(trials: trials));
        var (status, lines) = await silo.Follow("zdt");
        return (lines, Front(status));
    }

    /// <summary>The journal that a plain loop gives.</summary>
    private static List<string> WithoutACluster(int trials, Scratch scratch) => StudyRunTests.WithoutACluster(StudyRunTests.Spec(trials: trials), scratch.Folder);

    private static string Front(StudyStatus status)
    {
        using var reader = new StreamReader(new FolderBlobStore(status.BlobRoot).Open(status.Artifacts.First(a => a.Path == "front.json").Blob), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Submits a long study and returns when some of its trials are committed.</summary>
    private static async Task<IStudyGrain> InSearch(LocalSilo silo)
    {
        IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>("zdt");
        await study.Submit(StudyRunTests.Dear(trials: Long, milliseconds: Moment));
        int seen = 0;
        await foreach (StudyUpdate update in study.Watch(0))
            if ((seen += update.Trials.Count) > 20) break;
        return study;
    }

    [Fact]
    public async Task APausedStudyCommitsNothingUntilItGoesOnAndThenEndsAsIfItHadNeverPaused()
    {
        using var scratch = new Scratch();
        StudyStatus paused;
        await using (LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 2))
        {
            paused = await (await InSearch(silo)).Pause();
            Assert.Null(paused.Error);
            Assert.Equal(StudyPhase.Paused, paused.Phase);
            Assert.InRange(paused.Counts.Evaluated, 21, Long - 1);
            Assert.Equal(0, (await silo.Grains.GetGrain<IJobQueueGrain>("cpu").Status()).Waiting);
        }
        await using LocalSilo again = await LocalSilo.Start(scratch.Folder, slots: 2);
        IStudyGrain study = again.Grains.GetGrain<IStudyGrain>("zdt");
        await study.Ensure();   // what the watchdog does each second
        Assert.DoesNotContain("zdt", (await again.Grains.GetGrain<IStudyIndexGrain>("all").Running()).AsEnumerable());
        var (still, _) = await again.Follow("zdt");   // ends at once: it does not run
        Assert.Equal((StudyPhase.Paused, paused.Counts), (still.Phase, still.Counts));
        Assert.Equal(StudyPhase.Search, (await study.Resume()).Phase);
        var (status, lines) = await again.Follow("zdt");
        Assert.Equal(StudyPhase.Done, status.Phase);
        var (expected, front) = await Undisturbed(Long);
        Assert.Equal(expected, lines);
        Assert.Equal(front, Front(status));
    }

    [Fact]
    public async Task AStoppedStudyIsAStudyOfThatManyTrialsAndCanBeTakenUpAgain()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 2);
        IStudyGrain study = await InSearch(silo);
        StudyStatus stopped = await study.Stop();
        Assert.Null(stopped.Error);
        var (status, lines) = await silo.Follow("zdt");
        Assert.Equal((StudyPhase.Done, "stopped by request"), (status.Phase, status.Reason));
        Assert.InRange(status.Counts.Evaluated, 21, Long - 1);
        var (shorter, front) = await Undisturbed(status.Counts.Evaluated);
        Assert.Equal(shorter, lines.Take(shorter.Count));
        Assert.Equal(front, Front(status));

        await study.Resume();
        var (whole, all) = await silo.Follow("zdt");
        Assert.Equal((Long, null), (whole.Counts.Evaluated, whole.Reason));
        Assert.Equal(lines, all.Take(lines.Count));
    }

    [Fact]
    public async Task AnExtendedStudyIsTheStudyThatHadTheLargerBudgetFromTheStart()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 2);
        IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>("zdt");
        await study.Submit(StudyRunTests.Dear(trials: 30));
        var (_, shorter) = await silo.Follow("zdt");
        StudyStatus same = await study.Extend(30);
        Assert.Equal(2, same.ExitCode);
        Assert.Equal(StudyPhase.Done, same.Phase);
        StudyStatus extended = await study.Extend(80);
        Assert.Null(extended.Error);
        Assert.Equal(80, extended.Budget);
        var (status, longer) = await silo.Follow("zdt");
        Assert.Equal(shorter, longer.Take(shorter.Count));
        var (lines, front) = await Undisturbed(80);
        Assert.Equal(lines, longer);
        Assert.Equal(front, Front(status));
        StudyStatus file = await study.Submit(StudyRunTests.Dear(trials: 30));   // `hone run` with the file as it was
        Assert.Null(file.Error);
        Assert.Equal((StudyPhase.Done, 80), (file.Phase, file.Budget));
    }

    [Fact]
    public async Task ARunningStudyTakesALargerBudget()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 2);
        IStudyGrain study = await InSearch(silo);
        await study.Extend(Long + 50);
        var (status, lines) = await silo.Follow("zdt");
        Assert.Equal(Long + 50, status.Counts.Evaluated);
        Assert.Equal(WithoutACluster(Long + 50, scratch), lines);
    }

    [Fact]
    public async Task ManyRequestsAtOnceLeaveTheJournalWhole()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 2);
        IStudyGrain study = await InSearch(silo);
        await Task.WhenAll(Enumerable.Range(1, 8).SelectMany(i => new[] { study.Pause(), study.Extend(Long + i), study.Resume() }));
        await study.Resume();
        var (status, lines) = await silo.Follow("zdt");
        Assert.Equal((StudyPhase.Done, Long + 8), (status.Phase, status.Counts.Evaluated));
        Assert.Equal(WithoutACluster(Long + 8, scratch), lines);
    }

    [Fact]
    public async Task APauseTakesTheSharedTrainingOffTheQueueAndAResumePutsItBack()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 0);   // nobody takes it
        IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>("zdt");
        IJobQueueGrain queue = silo.Grains.GetGrain<IJobQueueGrain>("cpu");
        await study.Submit(StudyRunTests.Spec());
        Assert.True(await Comes(async () => (await queue.Status()).Waiting == 1));
        Assert.Equal((StudyPhase.Paused, 0), ((await study.Pause()).Phase, (await queue.Status()).Waiting));
        Assert.Contains("none yet", (await study.Stop()).Error);
        Assert.Equal(StudyPhase.Prepare, (await study.Resume()).Phase);
        Assert.True(await Comes(async () => (await queue.Status()).Waiting == 1));
    }

    private static async Task<bool> Comes(Func<Task<bool>> it)
    {
        for (int i = 0; i < 300; i++, await Task.Delay(50))
            if (await it()) return true;
        return false;
    }

    [Fact]
    public async Task ARefusalTellsTheStateAndChangesNothing()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        IStudyGrain study = silo.Grains.GetGrain<IStudyGrain>("zdt");
        await study.Submit(StudyRunTests.Spec(trials: 20));
        await silo.Follow("zdt");
        foreach (StudyStatus refused in new[] { await study.Pause(), await study.Stop(), await study.Resume() })
        {
            Assert.StartsWith("zdt: expected", refused.Error);
            Assert.Equal((1, StudyPhase.Done), (refused.ExitCode, refused.Phase));
        }
        Assert.NotEmpty((await study.Status()).Artifacts.AsEnumerable());
    }

    [Fact]
    public async Task AnUnknownStudyIsToldWithTheNearestName()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder);
        IStudyGrain none = silo.Grains.GetGrain<IStudyGrain>("ztd");
        Assert.Contains("hone run", (await none.Pause()).Error);
        await silo.Grains.GetGrain<IStudyGrain>("zdt").Submit(StudyRunTests.Spec(trials: 20));
        foreach (StudyStatus refused in new[] { await none.Status(), await none.Pause(), await none.Resume(), await none.Stop(), await none.Extend(9) })
            Assert.Contains("did you mean 'zdt'?", refused.Error);
        Assert.Equal(["zdt"], (await silo.Grains.GetGrain<IStudyIndexGrain>("all").All()).AsEnumerable());
    }
}
