using System.Diagnostics;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>Images per second of a few training steps and evaluations: what the plan's minutes come from.</summary>
internal static class StepSpeed
{
    private const int Steps = 200, Images = 5_000;   // half of the steps are quantised

    public static Speed Measure(Recipe recipe)
    {
        QuasarVitConfig config = (recipe with { TrainImages = Steps / 2 * recipe.Batch, Epochs = 2 }).Config(Pictures.FashionMnist, 1);
        ImageSet train = Noise(config, config.Images), evaluated = Noise(config, Images);
        var genomes = Enumerable.Range(0, 4).Select(i => QuasarVitGenome.Random(config, new Chance(1, Streams.Sampling, (uint)i))).ToArray();
        QuasarVitTraining.Run(config with { Epochs = 1 }, train, null, null, null, TimeProvider.System, CancellationToken.None);   // warms up
        long start = Stopwatch.GetTimestamp();
        byte[] weights = QuasarVitTraining.Run(config, train, null, null, null, TimeProvider.System, CancellationToken.None);
        double training = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(weights, 1);
        evaluator.Evaluate(genomes[0], evaluated);
        start = Stopwatch.GetTimestamp();
        foreach (QuasarVitGenome genome in genomes) evaluator.Evaluate(genome, evaluated);
        return new Speed(Steps * recipe.Batch / training, genomes.Length * Images / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static ImageSet Noise(QuasarVitConfig config, int count) => NoiseImages.Of(count, config.Channels, config.Side, config.Classes);
}
