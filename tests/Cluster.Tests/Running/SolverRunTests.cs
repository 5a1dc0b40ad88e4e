using System.Text;
using Hone.Cluster.Tests.Telemetry;
using Hone.Contracts;
using Hone.Model;
using Hone.Search;
using Hone.Studies;

namespace Hone.Cluster.Tests.Running;

/// <summary>A study whose candidates are ADMM solvers: each keeps its own checkpoints and residuals, and its run survives its silo.</summary>
public class SolverRunTests
{
    // Some seconds a solver, so that it is heard of and cut in the middle.
    internal static string Spec(int trials, int steps, string study = "solved") => StudyJson.Canonical(System.Text.Json.Nodes.JsonNode.Parse(
        $$"""{"study":"{{study}}","method":"compvqc","data":{"name":"iris"},"model":{"ways":["admm"],"rates":[0.1,0.2,0.3,0.4,0.5],"shots":64},"devices":["quantum/belem"],"objectives":[{"metric":"accuracy"},{"metric":"two_qubit_gates","direction":"min"}],"search":{"population":4,"window":1},"budget":{"trials":{{trials}}},"training":{"dense_steps":50,"rounds":12,"round_steps":{{steps}},"fine_tune_steps":10},"finish":{"members":1},"seed":3}""")!);

    internal static string KeyOf(string spec, string candidate)
    {
        IStudy study = StudyCatalog.Open(SpecText.Parse(spec));
        return $"{BlobId.Of(Encoding.UTF8.GetBytes(study.Shared)).Hex}/{study.SearchImages}/{candidate}";
    }

    [Fact]
    public async Task ASolverIsHeardOfAndItsGrainKeepsWhatItTold()
    {
        using var heard = new Heard("hone.solver.residual", "hone.solver.residual.final");
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 2);
        string spec = Spec(trials: 3, steps: 6_000);
        Assert.Null((await silo.Grains.GetGrain<IStudyGrain>("solved").Submit(spec)).Error);
        var (status, lines) = await silo.Follow("solved");
        Assert.Equal((StudyPhase.Done, 3), (status.Phase, status.Counts.Evaluated));
        Assert.Equal(StudyRunTests.WithoutACluster(spec, scratch.Folder), lines);
        Trial[] trials = [.. lines.Select(l => TrialLine.Parse(l).Trial)];
        foreach (Trial trial in trials)
        {
            SolverStatus solver = await silo.Grains.GetGrain<IAdmmSolverGrain>(KeyOf(spec, trial.Key)).Status();
            Assert.True(solver is { Solved: true, Checkpoint: null }, "a solver that has ended has no checkpoint");
            Assert.Equal(solver.Points.Select(p => p.Step).Order(), solver.Points.Select(p => p.Step));
            Assert.True(trial.Value("primal_residual") >= 0 && trial.Value("dual_residual") >= 0);
        }
        Assert.Contains(heard.Values, v => v is { Instrument: "hone.solver.residual", Labels: "compvqc primal" });
        Assert.Equal(6, heard.Values.Count(v => v.Instrument == "hone.solver.residual.final" && v.Labels.StartsWith("compvqc", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ASiloThatEndsInTheMiddleOfASolverLeavesItsCheckpointToTheNext()
    {
        using var scratch = new Scratch();
        string spec = Spec(trials: 2, steps: 9_000), key = "";
        long step;
        await using (LocalSilo silo = await LocalSilo.Start(scratch.Folder))
        {
            await silo.Grains.GetGrain<IStudyGrain>("solved").Submit(spec);
            key = KeyOf(spec, First(spec));
            IAdmmSolverGrain solver = silo.Grains.GetGrain<IAdmmSolverGrain>(key);
            for (int i = 0; (await solver.Status()) is { Checkpoint: null, Solved: false } && i < 600; i++) await Task.Delay(50);
            SolverStatus now = await solver.Status();
            Assert.True(now.Checkpoint is not null, "the first solver ended before it wrote a checkpoint: give it more steps");
            step = now.Checkpoint!.Step;
        }
        await using LocalSilo again = await LocalSilo.Start(scratch.Folder);
        SolverStatus kept = await again.Grains.GetGrain<IAdmmSolverGrain>(key).Status();
        Assert.True(kept.Solved || kept.Checkpoint!.Step >= step);
        var (status, lines) = await again.Follow("solved");
        Assert.Equal(StudyPhase.Done, status.Phase);
        Assert.Equal(StudyRunTests.WithoutACluster(spec, scratch.Folder), lines);
    }

    /// <summary>The candidate that is asked first.</summary>
    internal static string First(string spec)
    {
        IStudy study = StudyCatalog.Open(SpecText.Parse(spec));
        var loop = new SearchLoop(SearcherCatalog.Create(study.Spec.Search, study.Space, study.Spec.Objectives, study.Spec.Seed), study.Spec.Objectives, study.Spec.Search.Window, 1);
        return loop.Run(_ => new Outcome.Evaluated([new("accuracy", 1, "%", Origin.Simulated), new("two_qubit_gates", 1, "1", Origin.Simulated)])).First().Key;
    }
}
