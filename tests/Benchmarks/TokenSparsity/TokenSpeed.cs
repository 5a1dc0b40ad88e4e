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
        ImageSet noise = Noise(shape, Images);
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

    /// <summary>Speed does not depend on what the images show.</summary>
    private static ImageSet Noise(VitShape shape, int count)
    {
        var chance = new Chance(1, Streams.Sampling);
        byte[] pixels = new byte[count * shape.Channels * shape.Side * shape.Side], labels = new byte[count];
        for (int p = 0; p < pixels.Length; p++) pixels[p] = (byte)(p % 7 == 0 ? chance.Next(256) : p);
        for (int i = 0; i < count; i++) labels[i] = (byte)(i % shape.Classes);
        return new ImageSet(pixels, labels, shape.Channels, shape.Side, shape.Side, shape.Classes);
    }
}
