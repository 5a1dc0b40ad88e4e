using Hone.Cluster.Tests.Running;
using Hone.Contracts;

namespace Hone.Cluster.Tests.Processes;

/// <summary>A worker that is killed while it trains a candidate for its evaluation, and studies with rungs on more silos than one.</summary>
[Collection(ProcessTests.Name)]
public sealed class EvaluationDeathTests(ProcessCluster cluster)
{
    private static string Slow(string spec, int milliseconds, int steps) =>
        spec.Replace("\"model\":{", $"\"model\":{{\"pause_ms\":{milliseconds},\"steps\":{steps},", StringComparison.Ordinal);

    [Fact]
    public async Task TwoSilosOfWhichOneIsKilledWriteTheJournalOfOne()
    {
        using var scratch = new Scratch();
        string spec = StudyRunTests.Halving("halving-killed", trials: 40);
        await cluster.Complete();
        await cluster.Comes(g => g.GetGrain<IStudyGrain>("halving-killed").Submit(Slow(spec, 900, 30)), s => s.Error is null);
        await cluster.Committed("halving-killed", 6);
        await cluster.Workers[0].Kill();
        await cluster.Committed("halving-killed", 14);
        cluster.StartWorker(0);
        Assert.Equal(StudyRunTests.WithoutACluster(spec, scratch.Folder), await cluster.Journal("halving-killed"));
    }

    [Fact]
    public async Task ASolverWhoseWorkerIsKilledGoesOnElsewhere()
    {
        using var scratch = new Scratch();
        await cluster.Complete();
        string spec = SolverRunTests.Spec(trials: 2, steps: 9_000, "solver-killed"), key = SolverRunTests.KeyOf(spec, SolverRunTests.First(spec));
        await cluster.Comes(g => g.GetGrain<IStudyGrain>("solver-killed").Submit(spec), s => s.Error is null);
        SolverStatus before = await cluster.Comes(g => g.GetGrain<IAdmmSolverGrain>(key).Status(), s => s.Checkpoint is not null || s.Solved);
        Assert.False(before.Solved, "the solver ended before its worker could be killed: give it more steps");
        QueueStatus queue = await cluster.Comes(g => g.GetGrain<IJobQueueGrain>("cpu").Status(), s => s.Working.Any(w => w.Holds?.EndsWith(SolverRunTests.First(spec), StringComparison.Ordinal) == true));
        string holder = queue.Working.First(s => s.Holds?.EndsWith(SolverRunTests.First(spec), StringComparison.Ordinal) == true).Name;
        int trains = Array.FindIndex(cluster.Workers, w => holder.Contains($"/{w.Id}/", StringComparison.Ordinal));
        await cluster.Workers[trains].Kill();
        SolverStatus after = await cluster.Comes(g => g.GetGrain<IAdmmSolverGrain>(key).Status(), s => s.Solved || s.Checkpoint!.Step > before.Checkpoint!.Step);
        Assert.True(after.Points.Count >= before.Points.Count);
        cluster.StartWorker(trains);
        Assert.Equal(StudyRunTests.WithoutACluster(spec, scratch.Folder), await cluster.Journal("solver-killed"));
    }

    [Fact]
    public async Task AnotherWorkerGoesOnAtTheLastCheckpointOfTheKilledOne()
    {
        await cluster.Complete();
        string spec = StudyRunTests.Halving("training-killed", trials: 40, window: 0);   // one at a time, and more than can be done before it is paused
        await cluster.Comes(g => g.GetGrain<IStudyGrain>("training-killed").Submit(Slow(spec, 180_000, 180)), s => s.Error is null);   // a ninth of it: 20 s in 20 steps
        StudyStatus killed = await cluster.Comes(g => g.GetGrain<IStudyGrain>("training-killed").Status(), s => s.Progress is { Step: >= 4 });
        long before = killed.Progress!.Step;
        QueueStatus queue = await cluster.Comes(g => g.GetGrain<IJobQueueGrain>("cpu").Status(), s => s.Leased == 1);
        string holder = queue.Working.Single(s => s.Holds is not null).Name;
        int trains = Array.FindIndex(cluster.Workers, w => holder.Contains($"/{w.Id}/", StringComparison.Ordinal));
        await cluster.Workers[trains].Kill();
        await cluster.Comes(g => g.GetGrain<IJobQueueGrain>("cpu").Status(), s => s.Working.Any(w => w.Holds is not null && w.Name != holder));
        List<long> steps = [before];
        while (steps[^1] < before + 3 && (await cluster.Comes(g => g.GetGrain<IStudyGrain>("training-killed").Status(), _ => true)) is var status && status.Counts.Committed == killed.Counts.Committed)   // the other study has left it some results
        {
            steps.Add(status.Progress?.Step ?? steps[^1]);
            await Task.Delay(100);
        }
        cluster.StartWorker(trains);
        Assert.Equal(steps.Order(), steps);   // none was made twice: each has a checkpoint
        Assert.True(steps[^1] > before, $"training stood at step {before} when its worker was killed, and then at {string.Join(", ", steps)}");
        await cluster.Comes(g => g.GetGrain<IStudyGrain>("training-killed").Pause(), s => s.Phase == StudyPhase.Paused);
    }
}
