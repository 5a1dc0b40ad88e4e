using Hone.Neural.Vit;

namespace Hone.Silo.Bench;

/// <summary>What training costs: the step of the largest Fashion-MNIST net (E 64, L 6, R 4), with and without quantisers in turn.</summary>
internal static class TrainingBench
{
    private const int Repeats = 50;
    private static readonly int[] Batches = [32, 64, 128];   // the sample's, the method's sheet's, a large one

    public static IEnumerable<BenchLine> Lines()
    {
        foreach (int batch in Batches)
        {
            StepTimes times = QuasarVitStepBench.Run(QuasarVitConfig.FashionMnist with { Batch = batch }, TimeProvider.System, Repeats);
            string what = $"batch {batch}, {(times.BFloat16 ? "bfloat16" : "float32")}, 2 threads, median of {Repeats}";
            bool judged = batch == 64 && times.BFloat16;   // the goal is one of processors that multiply bfloat16
            yield return new BenchLine("training", $"float step, {what}", times.ImagesPerSecond, "images/s", "", null,
                judged ? $"at least {StepTimes.SpeedGoal:0}" : null, judged ? times.ImagesPerSecond >= StepTimes.SpeedGoal : null);
            yield return new BenchLine("training", $"quantised step, {what}", batch / times.QuantisedSeconds, "images/s", "the same step without quantisers (time over time)",
                times.Ratio, $"ratio at most {StepTimes.RatioGoal}", times.Ratio <= StepTimes.RatioGoal);
        }
    }
}
