using System.Diagnostics;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>Images per second of a few training steps and evaluations: what a plan's minutes come from.</summary>
internal static class TokenSpeed
{
    private const int Steps = 30, Images = 1_000;

    public static Speed Measure(TokenScale scale)
    {
        VitShape shape = VitShape.FashionClutter;
        ImageSet noise = NoiseImages.Of(Images, shape.Channels, shape.Side, shape.Classes);
        VitRun run = scale.Run(1) with { Epochs = (double)Steps / (Images / scale.Batch) };
        DenseTraining.Run(shape, run with { Epochs = 0.2 }, noise, null, null, null, TimeProvider.System, default);   // warms up
        long start = Stopwatch.GetTimestamp();
        byte[] weights = DenseTraining.Run(shape, run, noise, null, null, null, TimeProvider.System, default);
        double training = Stopwatch.GetElapsedTime(start).TotalSeconds;
        DenseTraining.Logits(shape, weights, noise, 1);
        start = Stopwatch.GetTimestamp();
        DenseTraining.Logits(shape, weights, noise, 1);
        return new Speed(Steps * scale.Batch / training, Images / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
