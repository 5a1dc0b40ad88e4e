using System.Runtime.InteropServices;
using Hone.Neural.Vit;

namespace Hone.Silo.Bench;

/// <summary>
/// What training costs: steps of the largest Fashion-MNIST net (E 64, L 6, R 4), and on a GPU those of the largest DeiT-sized one too (E 240, L 14, R 4, 224 x 224), with and
/// without quantisers in turn.
/// </summary>
internal static class TrainingBench
{
    private const int Repeats = 50;
    private static readonly int[] Batches = [32, 64, 128];   // the sample's, the method's sheet's, a large one

    public static IEnumerable<BenchLine> Lines()
    {
        foreach (string device in QuasarVitStepBench.Devices())
        {
            foreach (int batch in Batches)
                foreach (BenchLine line in Lines("", QuasarVitConfig.FashionMnist with { Batch = batch, Device = device })) yield return line;
            if (device == "cpu") continue;
            foreach (int batch in Batches)
                foreach (BenchLine line in Lines("DeiT-sized, ", QuasarVitConfig.DeitSized with { Batch = batch, Device = device })) yield return line;
        }
    }

    private static IEnumerable<BenchLine> Lines(string space, QuasarVitConfig config)
    {
        bool here = config.Device == "cpu";
        if (Measure(config) is not { } times)
        {
            yield return new BenchLine("training", $"{space}batch {config.Batch}, {config.Device}: more than the GPU's memory", 0, "images/s", "", null, null, null);
            yield break;
        }
        string what = $"{space}batch {config.Batch}, {(times.BFloat16 ? "bfloat16" : "float32")}, {(here ? $"{config.Threads} threads" : config.Device)}, median of {Repeats}";
        bool judged = here && config.Batch == 64 && times.BFloat16;   // the goals are those of processors
        yield return new BenchLine("training", $"float step, {what}", times.ImagesPerSecond, "images/s", "", null,
            judged ? $"at least {StepTimes.SpeedGoal:0}" : null, judged ? times.ImagesPerSecond >= StepTimes.SpeedGoal : null);
        yield return new BenchLine("training", $"quantised step, {what}", config.Batch / times.QuantisedSeconds, "images/s", "the same step without quantisers (time over time)",
            times.Ratio, here ? $"ratio at most {StepTimes.RatioGoal}" : null, here ? times.Ratio <= StepTimes.RatioGoal : null);
    }

    /// <summary>The step's times; null where a GPU has too little memory.</summary>
    private static StepTimes? Measure(QuasarVitConfig config)
    {
        try
        {
            return QuasarVitStepBench.Run(config, TimeProvider.System, Repeats);
        }
        catch (ExternalException e) when (config.Device != "cpu" && e.Message.Contains("out of memory", StringComparison.Ordinal))
        {
            return null;
        }
    }
}
