using Hone.Model;
using Hone.Neural.Training;

namespace Hone.Neural.Vit.TriLevel;

/// <summary>Times training steps of a dense net and of one under the schedule, in turn.</summary>
public static class TriLevelStepBench
{
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
