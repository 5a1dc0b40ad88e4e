using System.Diagnostics;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Silo.Bench;

/// <summary>What a trial costs: the largest net of the sample's space on 1,000 images, quantised weights made anew each time.</summary>
internal static class QuasarVitBench
{
    private const int Images = 1_000, Repeats = 9;
    private const double Goal = 0.35;

    public static IEnumerable<BenchLine> Lines()
    {
        QuasarVitConfig config = QuasarVitConfig.FashionMnist with { Epochs = 1, FloatShare = 0 };
        var chance = new Chance(1, Streams.Sampling);
        var images = new ImageSet(Noise(Images * 784, 256, chance), Noise(Images, 10, chance), 1, 28, 28, 10);
        var (weights, perStep) = Train(config, images);
        yield return new BenchLine("quasar-vit", "training, sandwich of largest, smallest and random nets", perStep, "images/s", "", null, null, null);
        using var evaluator = new QuasarVitEvaluator(weights);
        foreach (var (name, genome) in new[] { ("largest", QuasarVitGenome.Largest(config)), ("smallest", QuasarVitGenome.Smallest(config)) })
        {
            evaluator.Evaluate(genome, images, Images);
            List<double> seconds = [];
            for (int i = 0; i < Repeats; i++)
            {
                long start = Stopwatch.GetTimestamp();
                evaluator.Evaluate(genome, images, Images);
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            seconds.Sort();
            yield return new BenchLine("quasar-vit", $"a trial of the {name} net on {Images} images (median of {Repeats})", seconds[Repeats / 2], "s", "", null,
                $"at most {Goal}", seconds[Repeats / 2] <= Goal);
        }
    }

    private static (byte[] Weights, double ImagesPerSecond) Train(QuasarVitConfig config, ImageSet images)
    {
        long start = Stopwatch.GetTimestamp();
        byte[] weights = QuasarVitTraining.Run(config, images, null, (_, _) => { }, new Progress<Progress>(), TimeProvider.System, default);
        return (weights, images.Count / config.Batch * config.Batch / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static byte[] Noise(int count, int below, Chance chance)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) bytes[i] = (byte)chance.Next(below);
        return bytes;
    }
}
