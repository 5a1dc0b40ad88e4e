using Hone.Model;
using Hone.Neural.Vit;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural;

/// <summary>A net and a data set small enough to train in a second.</summary>
internal static class Tiny
{
    public static readonly QuasarVitConfig Config = QuasarVitConfig.FashionMnist with
    {
        Side = 12, Classes = 3, Widths = [16, 32], Depths = [1, 2], Heads = [1, 2], Expansions = [1, 2],
        Epochs = 4, Batch = 16, Images = 96, Threads = 1, Seed = 5, Crop = 1, WarmUpEpochs = 1,
    };

    /// <summary>Numbers of a normal distribution around 0.</summary>
    public static Tensor Draw(ulong seed, double deviation, params long[] shape)
    {
        var chance = new Chance(seed, 60);
        return tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)(deviation * chance.NextGaussian())).ToArray()).view(shape);
    }

    /// <summary>Noisy images with a bright band whose place is the class.</summary>
    public static ImageSet Images(int count, ulong seed = 1)
    {
        var chance = new Chance(seed, 77);
        byte[] pixels = new byte[count * 144], labels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)chance.Next(3);
            for (int p = 0; p < 144; p++)
                pixels[i * 144 + p] = (byte)(chance.Next(60) + (p / 48 == labels[i] ? 150 : 0));
        }
        return new ImageSet(pixels, labels, 1, 12, 12, 3);
    }

    public static byte[] Train(QuasarVitConfig? config = null, Stream? checkpoint = null, Action<long, Action<Stream>>? save = null,
        IProgress<Progress>? progress = null, CancellationToken cancel = default) =>
        QuasarVitTraining.Run(config ?? Config, Images(96), checkpoint, save, progress, TimeProvider.System, cancel);

    /// <summary>Progress delivered at once, on the caller's thread.</summary>
    public sealed class Told(Action<Progress> tell) : IProgress<Progress>
    {
        public void Report(Progress value) => tell(value);
    }
}
