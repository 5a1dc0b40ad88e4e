using System.Text.Json;
using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Training;
using TorchSharp;

namespace Hone.Neural.Vit;

/// <summary>
/// Trains what candidates share: the dense net from scratch, then all selectors at once, each step under a plan of its own drawn from the space. And fine-tunes a member under its own plan.
/// </summary>
public static class PruningTraining
{
    /// <summary>Runs to the end; the same bytes for the same configuration, images and numerics class.</summary>
    /// <param name="checkpoint">Where to go on, or null; a run cut anywhere and gone on with ends in the same bytes.</param>
    /// <param name="save">Called when a checkpoint is due and when cancelled: (step, writer).</param>
    /// <param name="published">Published weights that the dense net begins with; null: the seed's. With none of its own epochs it stays what they make it.</param>
    /// <exception cref="OperationCanceledException">Cancelled; a last checkpoint was saved.</exception>
    /// <exception cref="HoneException">Unfit images, a foreign or damaged checkpoint, weights of another net, or a loss that is not a number.</exception>
    public static byte[] Run(
        PruningConfig config, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress, TimeProvider time, CancellationToken cancel,
        IReadOnlyDictionary<string, CheckpointArray>? published = null)
    {
        config.Check();
        TrainingRun.Begin();
        using var scope = torch.NewDisposeScope();
        string start = published is null ? "" : $" from {VitCheckpoint.Fingerprint(published)}", joint = $"selectors {JsonSerializer.Serialize(config, StudyJson.Options)}{start}";
        byte[]? at = checkpoint is null ? null : TrainingRun.Bytes(checkpoint);
        VitRun together = config.Dense with { Epochs = config.SharedEpochs };
        long first = config.Dense.Steps(train.Count), second = together.Steps(train.Count);
        using var teacher = new VitNet(config.Shape, config.Dense.Seed, config.Dense.Device);
        using var net = new PruningNet(config);
        using var asked = new Teacher(teacher, together, train, TypeOf(config));
        var recipe = new PruningRecipe(net, asked, step => Draw(config, step), null, second);
        using var selecting = new VitTrainer(config.Shape, together, train, recipe, "training the selectors", joint);
        if (at is not null && VitTrainer.IdentityOf(at) == joint) selecting.Restore(at);
        else
        {
            if (published is not null) VitCheckpoint.Load(teacher, published);
            recipe.Before = DenseTraining.Train(teacher, config.Dense, train, at, save, progress, time, cancel, first + second, start);
            net.Backbone.Arena.Take(teacher.Arena);
        }
        TrainingRun.Drive(selecting, selecting.Steps, save, progress, time, cancel, before: first, total: first + second);
        return PruningModel.Write(net, teacher, recipe.Before!, selecting.Curve);
    }

    /// <summary>A dense net's weights with selectors that have learned nothing yet, in the form of <see cref="Run"/>'s.</summary>
    /// <param name="dense">Of <see cref="DenseTraining.Run"/>.</param>
    public static byte[] Begin(PruningConfig config, ReadOnlySpan<byte> dense)
    {
        config.Check();
        using var scope = torch.NewDisposeScope();
        ArrayFile file = ArrayFile.Read(dense);
        using VitNet teacher = DenseTraining.Open(config.Shape, file);
        using var net = new PruningNet(config);
        net.Backbone.Arena.Take(teacher.Arena);
        LossCurve curve = LossCurve.Read(file);
        return PruningModel.Write(net, teacher, curve, curve);
    }

    /// <summary>Fine-tunes a net under one plan; the answer is in the form of <see cref="Run"/>'s, its second curve this training's.</summary>
    /// <param name="weights">Shared ones.</param>
    /// <param name="at">The plan, and the thresholds that stand where the loss holds its shares (<see cref="PruningConfig.Shares"/>).</param>
    /// <param name="checkpoint">As in <see cref="Run"/>.</param>
    public static byte[] Tune(
        PruningConfig config, ReadOnlyMemory<byte> weights, PruningThresholds at, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress, TimeProvider time,
        CancellationToken cancel) =>
        Tune(config, weights, train, $"tune {JsonSerializer.Serialize(config, StudyJson.Options)} {at}",
            (net, teacher, before, steps) => new PruningRecipe(net, teacher, _ => at.Plan, Standing(config, at), steps) { Before = before }, checkpoint, save, progress, time, cancel);

    /// <summary>Fine-tunes the dense net while a rule drops tokens under a plan: what learned selection is held against. The answer is in the form of <see cref="Run"/>'s, with selectors that nobody trained.</summary>
    public static byte[] TuneByRule(
        PruningConfig config, ReadOnlyMemory<byte> weights, PruningPlan plan, TokenRule rule, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress,
        TimeProvider time, CancellationToken cancel) =>
        Tune(config, weights, train, $"rule {rule} {JsonSerializer.Serialize(config, StudyJson.Options)} {plan}",
            (net, teacher, _, steps) => new RuleRecipe(config, net.Backbone, teacher, plan, rule, steps), checkpoint, save, progress, time, cancel);

    /// <param name="identity">What the training is, for its checkpoints.</param>
    /// <param name="recipe">Of the net, who teaches it, the dense net's curve, and the steps.</param>
    private static byte[] Tune(
        PruningConfig config, ReadOnlyMemory<byte> weights, ImageSet train, string identity, Func<PruningNet, Teacher, LossCurve, long, IRecipe> recipe, Stream? checkpoint, Action<long, Action<Stream>>? save,
        IProgress<Progress>? progress, TimeProvider time, CancellationToken cancel)
    {
        TrainingRun.Begin();
        using var scope = torch.NewDisposeScope();
        ArrayFile file = PruningModel.Open(weights.Span);
        using VitNet teacher = PruningModel.Dense(file, config);
        using PruningNet net = PruningModel.Net(file, config);
        LossCurve before = LossCurve.Read(file, PruningModel.DenseCurve);
        VitRun run = config.Dense with { Epochs = config.TuneEpochs };
        using var asked = new Teacher(teacher, run, train, TypeOf(config));
        using var training = new VitTrainer(config.Shape, run, train, recipe(net, asked, before, run.Steps(train.Count)), "fine-tuning", identity);
        if (checkpoint is not null) training.Restore(TrainingRun.Bytes(checkpoint));
        TrainingRun.Drive(training, training.Steps, save, progress, time, cancel);
        return PruningModel.Write(net, teacher, before, training.Curve);
    }

    /// <summary>The thresholds that stand while a net is fine-tuned; null: none does.</summary>
    internal static Dictionary<int, float>? Standing(PruningConfig config, PruningThresholds at) =>
        config.Shares == ShareRule.Thresholds ? null : at.Plan.Blocks.Select((block, s) => (block, at.Thresholds[s])).ToDictionary();

    internal static torch.ScalarType TypeOf(PruningConfig config) => config.Dense.Branches.On(Placed.Find(config.Dense.Device));

    /// <summary>The plan of a step of the shared training: every gene drawn uniformly, as the search's first candidates are.</summary>
    internal static PruningPlan Draw(PruningConfig config, long step)
    {
        var chance = new Chance(config.Dense.Seed, Streams.Sampling, (uint)step);
        return PruningSpace.Plan([.. config.Positions.Select(_ => config.Keeps[chance.Next(config.Keeps.Count)])], config);
    }
}
