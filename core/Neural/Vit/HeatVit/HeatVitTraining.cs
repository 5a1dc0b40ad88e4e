using System.Text.Json;
using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Training;
using TorchSharp;

namespace Hone.Neural.Vit;

/// <summary>
/// Trains what candidates share: dense net and selectors in float (<see cref="PruningTraining"/>), then quantisation-aware under plans of all kinds, with the polynomials. And fine-tunes a
/// member under its own plan.
/// </summary>
public static class HeatVitTraining
{
    /// <summary>Runs to the end; the same bytes for the same configuration, images and numerics class.</summary>
    /// <param name="checkpoint">Where to go on, or null; a run cut anywhere and gone on with ends in the same bytes.</param>
    /// <param name="save">Called when a checkpoint is due and when cancelled: (step, writer).</param>
    /// <exception cref="OperationCanceledException">Cancelled; a last checkpoint was saved.</exception>
    /// <exception cref="HoneException">Unfit images, a foreign or damaged checkpoint, or a loss that is not a number.</exception>
    public static byte[] Run(
        HeatVitConfig config, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress, TimeProvider time, CancellationToken cancel)
    {
        config.Check();
        byte[]? at = checkpoint is null ? null : TrainingRun.Bytes(checkpoint);
        long before = config.Pruning.Dense.Steps(train.Count) + Together(config.Pruning, config.Pruning.SharedEpochs).Steps(train.Count);
        if (at is not null && VitTrainer.IdentityOf(at) == Identity(config)) return Quantise(config, null, train, at, save, progress, time, cancel, before);
        IProgress<Progress>? whole = progress is null ? null : new Longer(progress, Together(config.Pruning, config.QuantEpochs).Steps(train.Count));
        using MemoryStream? from = at is null ? null : new MemoryStream(at);
        return Quantise(config, PruningTraining.Run(config.Pruning, train, from, save, whole, time, cancel), train, null, save, progress, time, cancel, before);
    }

    /// <summary>Float weights with ranges set on the first training images, and no training after that: what approximation and 8 bits do to a frozen net.</summary>
    /// <param name="pruned">Of <see cref="PruningTraining"/>.</param>
    public static byte[] Freeze(HeatVitConfig config, ReadOnlyMemory<byte> pruned, ImageSet train)
    {
        config.Check();
        TrainingRun.Begin();
        using var scope = torch.NewDisposeScope();
        ArrayFile file = PruningModel.Open(pruned.Span);
        using VitNet teacher = PruningModel.Dense(file, config.Pruning);
        using PruningNet net = PruningModel.Net(file, config.Pruning);
        var (dense, joint) = (LossCurve.Read(file, PruningModel.DenseCurve), LossCurve.Read(file, PruningModel.JointCurve));
        return HeatVitModel.Write(config, net, teacher, Ranges(config, net, train), dense, joint, joint);
    }

    /// <summary>Quantisation-aware training from float weights, under plans of all kinds.</summary>
    /// <param name="pruned">Of <see cref="PruningTraining"/>.</param>
    public static byte[] Quantise(
        HeatVitConfig config, ReadOnlyMemory<byte> pruned, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress, TimeProvider time, CancellationToken cancel)
    {
        config.Check();
        return Quantise(config, pruned, train, checkpoint is null ? null : TrainingRun.Bytes(checkpoint), save, progress, time, cancel, 0);
    }

    private static byte[] Quantise(
        HeatVitConfig config, ReadOnlyMemory<byte>? pruned, ImageSet train, byte[]? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress, TimeProvider time, CancellationToken cancel,
        long before)
    {
        TrainingRun.Begin();
        using var scope = torch.NewDisposeScope();
        PruningConfig pruning = config.Pruning;
        ArrayFile? file = pruned is { } bytes ? PruningModel.Open(bytes.Span) : null;
        using VitNet teacher = file is null ? new VitNet(pruning.Shape, pruning.Dense.Seed) : PruningModel.Dense(file, pruning);
        using PruningNet net = file is null ? new PruningNet(pruning) : PruningModel.Net(file, pruning);
        HeatVitScales scales = checkpoint is null ? Ranges(config, net, train) : new HeatVitScales();
        VitRun run = Together(pruning, config.QuantEpochs);
        using var asked = new Teacher(teacher, run, train, torch.ScalarType.Float32);
        var recipe = new HeatVitRecipe(config, net, scales, asked, step => PruningTraining.Draw(pruning, step), null, run.Steps(train.Count));
        if (file is not null) recipe.Before = (LossCurve.Read(file, PruningModel.DenseCurve), LossCurve.Read(file, PruningModel.JointCurve));
        using var training = new VitTrainer(pruning.Shape, run, train, recipe, "training in 8 bits", Identity(config));
        if (checkpoint is not null) training.Restore(checkpoint);
        TrainingRun.Drive(training, training.Steps, save, progress, time, cancel, before, before + training.Steps);
        return HeatVitModel.Write(config, net, teacher, scales, recipe.Before!.Value.Dense, recipe.Before.Value.Joint, training.Curve);
    }

    /// <summary>Fine-tunes in 8 bits under one plan; the answer is in the form of <see cref="Run"/>'s, its last curve this training's.</summary>
    /// <param name="weights">Shared ones.</param>
    /// <param name="at">The plan, and the thresholds that stand where the loss holds its shares.</param>
    /// <param name="checkpoint">As in <see cref="Run"/>.</param>
    public static byte[] Tune(
        HeatVitConfig config, ReadOnlyMemory<byte> weights, PruningThresholds at, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress, TimeProvider time,
        CancellationToken cancel)
    {
        TrainingRun.Begin();
        using var scope = torch.NewDisposeScope();
        ArrayFile file = HeatVitModel.Open(weights.Span);
        using VitNet teacher = PruningModel.Dense(file, config.Pruning);
        using PruningNet net = HeatVitModel.Net(file, config.Pruning);
        HeatVitScales scales = HeatVitModel.Scales(file);
        VitRun run = Together(config.Pruning, config.Pruning.TuneEpochs);
        using var asked = new Teacher(teacher, run, train, torch.ScalarType.Float32);
        var recipe = new HeatVitRecipe(config, net, scales, asked, _ => at.Plan, PruningTraining.Standing(config.Pruning, at), run.Steps(train.Count))
        {
            Before = (LossCurve.Read(file, PruningModel.DenseCurve), LossCurve.Read(file, PruningModel.JointCurve)),
        };
        using var training = new VitTrainer(config.Pruning.Shape, run, train, recipe, "fine-tuning in 8 bits", $"tune {Identity(config)} {at}");
        if (checkpoint is not null) training.Restore(TrainingRun.Bytes(checkpoint));
        TrainingRun.Drive(training, training.Steps, save, progress, time, cancel);
        return HeatVitModel.Write(config, net, teacher, scales, recipe.Before.Value.Dense, recipe.Before.Value.Joint, training.Curve);
    }

    /// <summary>Ranges in one pass over the first training images, each set on what really arrives through 8-bit layers before it; every selector scores, all keep every token.</summary>
    private static HeatVitScales Ranges(HeatVitConfig config, PruningNet net, ImageSet train)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        var scales = new HeatVitScales { Sets = true };
        SelectorStage[] stages = [.. config.Pruning.Positions.Select(b => new SelectorStage(b, PruningNet.Name(b), float.MinValue))];
        using var policy = new HeatVitPolicy(net.Selectors, config, scales, stages, null);
        var emulated = new HeatVitNet(net, config, scales);
        emulated.Features(emulated.Run(new VitBatchRun(config.Pruning.Shape, 1).Read(train, 0, Math.Min(config.RangeImages, train.Count)), policy));
        var set = new ArrayFile();
        scales.Save(set);
        return HeatVitModel.Scales(set);
    }

    private static VitRun Together(PruningConfig pruning, double epochs) => pruning.Dense with { Epochs = epochs };

    private static string Identity(HeatVitConfig config) => "8 bits " + JsonSerializer.Serialize(config, StudyJson.Options);

    /// <summary>Steps of a job that goes on after this part of it.</summary>
    private sealed class Longer(IProgress<Progress> progress, long after) : IProgress<Progress>
    {
        public void Report(Progress value) => progress.Report(value with { Steps = value.Steps + after });
    }
}
