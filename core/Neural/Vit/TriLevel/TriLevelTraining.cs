using System.Text.Json;
using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Training;
using TorchSharp;

namespace Hone.Neural.Vit.TriLevel;

/// <summary>Trains a net from scratch with less data on three levels.</summary>
public static class TriLevelTraining
{
    internal const string Curve = "curve/";

    /// <summary>Runs to the end and returns the weights; the same bytes for the same configuration, images and numerics class.</summary>
    /// <param name="checkpoint">Where to go on, or null; a run cut anywhere and gone on with ends in the same bytes.</param>
    /// <param name="save">Called when a checkpoint is due and when cancelled: (step, writer).</param>
    /// <exception cref="OperationCanceledException">Cancelled; a last checkpoint was saved.</exception>
    /// <exception cref="HoneException">Unfit images, a foreign or damaged checkpoint, or a loss that is not a number.</exception>
    public static byte[] Run(
        TriLevelConfig config, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress, TimeProvider time, CancellationToken cancel)
    {
        config.Check();
        TrainingRun.Begin();
        using var scope = torch.NewDisposeScope();
        using var net = new VitNet(config.Shape, config.Run.Seed, config.Run.Device);
        var examples = new ActiveExamples(config, train.Count);
        long steps = config.Run.Steps(examples.Count), warmUp = (long)(config.Run.WarmUpEpochs * (examples.Count / config.Run.Batch));
        var recipe = new TriLevelRecipe(config, net, examples, train.Labels, steps, warmUp);
        using var trainer = new VitTrainer(config.Shape, config.Run, train, recipe, "training with less data", "tri-level " + JsonSerializer.Serialize(config, StudyJson.Options), examples);
        if (checkpoint is not null) trainer.Restore(TrainingRun.Bytes(checkpoint));
        TrainingRun.Drive(trainer, trainer.Steps, save, progress, time, cancel);
        var file = new ArrayFile();
        file.Add("format", TriLevelEvaluator.Format);
        file.Add("config", JsonSerializer.Serialize(config, StudyJson.Options));
        net.Arena.Save(file, "");
        trainer.Curve.Save(file, Curve);
        file.Add("left", [.. examples.Left]);
        file.Add("active", [.. examples.Active]);
        return file.ToBytes();
    }
}
