using System.Text.Json;
using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Training;
using TorchSharp;

namespace Hone.Neural.Vit;

/// <summary>Trains a plain vision transformer from scratch: where the methods that drop tokens begin.</summary>
public static class DenseTraining
{
    private const string Format = "vit weights 1";

    /// <summary>Runs to the end and returns the weights; the same bytes for the same shape, run, images and numerics class.</summary>
    /// <param name="checkpoint">Where to go on, or null; a run cut anywhere and gone on with ends in the same bytes.</param>
    /// <param name="save">Called when a checkpoint is due and when cancelled: (step, writer).</param>
    /// <exception cref="OperationCanceledException">Cancelled; a last checkpoint was saved.</exception>
    /// <exception cref="HoneException">Unfit images, a foreign or damaged checkpoint, or a loss that is not a number.</exception>
    public static byte[] Run(
        VitShape shape, VitRun run, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress, TimeProvider time, CancellationToken cancel)
    {
        TrainingRun.Begin();
        using var scope = torch.NewDisposeScope();
        using var net = new VitNet(shape, run.Seed, run.Device);
        LossCurve curve = Train(net, run, train, checkpoint is null ? null : TrainingRun.Bytes(checkpoint), save, progress, time, cancel, run.Steps(train.Count));
        return Write(net, curve);
    }

    /// <summary>A net's weights as a file.</summary>
    internal static byte[] Write(VitNet net, LossCurve curve)
    {
        var file = new ArrayFile();
        file.Add("format", Format);
        net.Arena.Save(file, "");
        curve.Save(file);
        return file.ToBytes();
    }

    /// <summary>A test's short way: logits (N, classes) flattened, in float32.</summary>
    /// <param name="weights">Of <see cref="Run"/>.</param>
    public static float[] Logits(VitShape shape, ReadOnlySpan<byte> weights, ImageSet images, int threads)
    {
        using VitNet net = Open(shape, ArrayFile.Read(weights));
        return new VitBatchRun(shape, threads).Logits(images, (patches, _) => net.Classify(net.Features(net.Run(net.Embed(patches), KeepAll.Policy, torch.ScalarType.Float32, classOnly: true))));
    }

    /// <summary>Trains a net where it lies.</summary>
    /// <param name="total">Steps of the job that this belongs to.</param>
    /// <param name="start">What the net's weights were before, where they are not the seed's; part of the checkpoint's identity.</param>
    internal static LossCurve Train(
        VitNet net, VitRun run, ImageSet train, byte[]? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress, TimeProvider time, CancellationToken cancel, long total,
        string start = "")
    {
        long steps = run.Steps(train.Count), warmUp = (long)(run.WarmUpEpochs * (train.Count / run.Batch));
        using var trainer = new VitTrainer(net.Shape, run, train, new DenseRecipe(net, run, steps, warmUp), "training the dense net", Identity(net.Shape, run) + start);
        if (checkpoint is not null) trainer.Restore(checkpoint);
        TrainingRun.Drive(trainer, trainer.Steps, save, progress, time, cancel, total: total);
        return trainer.Curve;
    }

    /// <summary>Whose checkpoint a dense net's is.</summary>
    internal static string Identity(VitShape shape, VitRun run) => $"dense {JsonSerializer.Serialize(shape, StudyJson.Options)} {JsonSerializer.Serialize(run, StudyJson.Options)}";

    /// <summary>The net of weights; the caller disposes of it.</summary>
    /// <exception cref="HoneException">Not such weights.</exception>
    internal static VitNet Open(VitShape shape, ArrayFile file)
    {
        string format = file.Get<string>("format");
        if (format != Format) throw new HoneException($"expected '{Format}', got '{format}': these weights are of another kind or version");
        var net = new VitNet(shape, 0);
        net.Arena.Load(file, "");
        return net;
    }
}
