using Hone.Model;
using Hone.Neural.Training;

namespace Hone.Neural.Vit;

/// <summary>Times training steps without and with selectors and masks, in turn; the teacher has answered before.</summary>
public static class PruningStepBench
{
    /// <summary>Mean seconds of a step.</summary>
    /// <param name="train">Few enough that the steps pass over them more than once.</param>
    public static (double Dense, double Masked) Run(PruningConfig config, PruningPlan plan, ImageSet train, int steps, TimeProvider clock)
    {
        TrainingRun.Begin();
        VitRun run = config.Dense with { Epochs = (double)StepTurns.Steps(steps) / (train.Count / config.Dense.Batch) };
        if (run.Epochs <= 1) throw new ArgumentException($"expected images that {steps} steps of {run.Batch} pass over more than once, got {train.Count}");
        using var net = new VitNet(config.Shape, config.Dense.Seed);
        using var teacher = new Teacher(net, run, train, PruningTraining.TypeOf(config));
        using PruningNet plain = new(config), pruned = new(config);
        using VitTrainer dense = Trainer(plain, PruningPlan.Dense), masked = Trainer(pruned, plan);
        double[] seconds = StepTurns.Run([dense, masked], steps, clock);
        return (seconds[0], seconds[1]);

        VitTrainer Trainer(PruningNet of, PruningPlan under) => new(config.Shape, run, train, new PruningRecipe(of, teacher, _ => under, null, run.Steps(train.Count)), "", "");
    }
}
