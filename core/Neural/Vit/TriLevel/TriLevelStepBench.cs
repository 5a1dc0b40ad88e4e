using Hone.Model;
using Hone.Neural.Training;

namespace Hone.Neural.Vit.TriLevel;

/// <summary>Times training steps of a dense net and of one under the schedule, in turn.</summary>
public static class TriLevelStepBench
{
    private const int Repetitions = 4, StepsEach = 16;

    /// <summary>What a whole training takes on this machine. Its steps and a dense training's are timed in turn, so the share of a dense training's time holds beside other work too; seconds do not.</summary>
    /// <param name="train">All examples, before any is removed; at least a batch.</param>
    public static TrainingTime Whole(TriLevelConfig config, ImageSet train, TimeProvider clock)
    {
        double own = TriLevelWorkload.Steps(config, train.Count), all = config.Run.Steps(train.Count);
        (double Dense, double Sparse)[] turns = [.. Enumerable.Range(0, Repetitions).Select(_ => Run(config, train, StepsEach, clock))];
        var (seconds, secondsError) = Over(t => own * t.Sparse);
        var (share, shareError) = Over(t => own * t.Sparse / (all * t.Dense));
        return new TrainingTime(seconds, secondsError, share, shareError);

        (double Mean, double Error) Over(Func<(double Dense, double Sparse), double> of)
        {
            double[] values = [.. turns.Select(of)];
            double mean = values.Average();
            return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (Repetitions * (Repetitions - 1))));
        }
    }

    /// <summary>Mean seconds of a step over the whole schedule, run through in so many steps; examples removed save steps, not time within one.</summary>
    /// <param name="train">At least a batch.</param>
    public static (double Dense, double Sparse) Run(TriLevelConfig config, ImageSet train, int steps, TimeProvider clock)
    {
        TrainingRun.Begin();
        int all = StepTurns.Steps(steps);
        TriLevelConfig sparse = config with { Run = config.Run with { Epochs = (double)all * config.Run.Batch / train.Count }, Removed = 0 };
        using VitNet plain = new(config.Shape, config.Run.Seed), pruned = new(config.Shape, config.Run.Seed);
        using VitTrainer dense = Trainer(sparse with { Keep = 1, Links = 1 }, plain), other = Trainer(sparse, pruned);
        double[] seconds = StepTurns.Run([dense, other], steps, clock);
        return (seconds[0], seconds[1]);

        VitTrainer Trainer(TriLevelConfig of, VitNet net) => new(of.Shape, of.Run, train, new TriLevelRecipe(of, net, new ActiveExamples(of, train.Count), train.Labels, all, 0), "", "");
    }
}

/// <summary>What a training takes by the clock; errors are standard errors over repetitions.</summary>
/// <param name="Seconds">On this machine, as busy as it was.</param>
/// <param name="Share">Of the time of a dense training of as many epochs: of its steps, for examples that are removed, and of a step's time.</param>
public sealed record TrainingTime(double Seconds, double SecondsError, double Share, double ShareError);
