using Hone.Model;
using Hone.Neural.Training;

namespace Hone.Neural.Vit.TriLevel;

/// <summary>Times training steps of a dense net and of one under the schedule, step by step in turn.</summary>
public static class TriLevelStepBench
{
    private const int WarmUp = 6;

    /// <summary>Mean seconds of a step over the whole schedule, run through in so many steps; examples removed save steps, not time within one.</summary>
    /// <param name="train">At least a batch.</param>
    public static (double Dense, double Sparse) Run(TriLevelConfig config, ImageSet train, int steps, TimeProvider clock)
    {
        TrainingRun.Begin();
        TriLevelConfig sparse = config with { Run = config.Run with { Epochs = (double)(WarmUp + steps) * config.Run.Batch / train.Count }, Removed = 0 };
        TriLevelConfig[] both = [sparse with { Keep = 1, Links = 1 }, sparse];
        VitNet[] nets = [.. both.Select(c => new VitNet(c.Shape, c.Run.Seed))];
        VitTrainer[] trainers = [.. both.Select((c, i) => new VitTrainer(c.Shape, c.Run, train, new TriLevelRecipe(c, nets[i], new ActiveExamples(c, train.Count), train.Labels, WarmUp + steps, 0), "", ""))];
        var seconds = new double[2];
        for (int step = -WarmUp; step < steps; step++)
            for (int which = 0; which < 2; which++)
            {
                long start = clock.GetTimestamp();
                trainers[which].Next();
                if (step >= 0) seconds[which] += clock.GetElapsedTime(start).TotalSeconds / steps;
            }
        foreach (VitTrainer trainer in trainers) trainer.Dispose();
        foreach (VitNet net in nets) net.Dispose();
        return (seconds[0], seconds[1]);
    }
}
