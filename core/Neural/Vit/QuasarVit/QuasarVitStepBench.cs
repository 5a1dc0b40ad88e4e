using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>What <see cref="QuasarVitStepBench"/> measured.</summary>
/// <param name="FloatSeconds">Median step without quantisers.</param>
/// <param name="QuantisedSeconds">Median step with every quantiser of the method learning its step.</param>
/// <param name="Batch">Images per step.</param>
/// <param name="BFloat16">Whether the branches were bfloat16; else float32.</param>
public sealed record StepTimes(double FloatSeconds, double QuantisedSeconds, int Batch, bool BFloat16)
{
    /// <summary>Goals: the ratio at most, and images per second of the step without quantisers in bfloat16 at least.</summary>
    public const double RatioGoal = 1.6, SpeedGoal = 1_200;

    /// <summary>The quantised step's time over that of the step without quantisers.</summary>
    public double Ratio => QuantisedSeconds / FloatSeconds;

    /// <summary>Of the step without quantisers.</summary>
    public double ImagesPerSecond => Batch / FloatSeconds;
}

/// <summary>Times training steps of the largest net (forward, backward, optimiser) with and without quantisers, one after the other in turn.</summary>
public static class QuasarVitStepBench
{
    /// <summary>Where this build and machine can train: "cpu", and "cuda" where torch sees a GPU.</summary>
    public static IReadOnlyList<string> Devices() => cuda.is_available() ? ["cpu", "cuda"] : ["cpu"];

    /// <summary>Medians of <paramref name="repeats"/> interleaved pairs of steps.</summary>
    public static StepTimes Run(QuasarVitConfig config, TimeProvider clock, int repeats = 50)
    {
        NativeLog.ErrorsOnly();
        NativeHeap.KeepFreed();
        using var net = new QuasarVitSupernet(config);
        using var parts = new QuasarVitParts(net, config);
        QuasarVitGenome largest = QuasarVitGenome.Same(config.MaxWidth, config.MaxDepth, new(config.Heads[^1], config.Expansions[^1], 0.5, 0.5, 0.5, 0.5));
        var chance = new Chance(1, Streams.Sampling);
        float[] pixels = new float[config.Batch * config.Patches * config.PatchSize], targets = new float[config.Batch * config.Classes];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = chance.Next(255) - 127;
        for (int i = 0; i < config.Batch; i++) targets[i * config.Classes + chance.Next(config.Classes)] = 1;
        Device device = Placed.Find(config.Device);
        ScalarType type = config.Branches.On(device);
        using Tensor codes = Placed.On(device, pixels, config.Batch, config.Patches, config.PatchSize);
        net.BeginQuantised(codes, largest);
        double[][] seconds = [new double[repeats], new double[repeats]];   // (float, quantised)
        for (int i = -5; i < repeats; i++)                                     // five pairs warm up
            for (int quantised = 0; quantised < 2; quantised++)
            {
                long start = clock.GetTimestamp();
                net.Quantised = quantised == 1;
                using (NewDisposeScope())
                {
                    parts.Learn(codes, targets, largest, -1.0 / config.Batch);
                    AdamW.Step(net.Arena, 1, quantised, 1e-5, config.WeightDecay, config.Beta1, config.Beta2, config.ClipNorm);
                }
                if (device.type != DeviceType.CPU) cuda.synchronize(device);
                if (i >= 0) seconds[quantised][i] = clock.GetElapsedTime(start).TotalSeconds;
            }
        return new StepTimes(Median(seconds[0]), Median(seconds[1]), config.Batch, type == ScalarType.BFloat16);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
