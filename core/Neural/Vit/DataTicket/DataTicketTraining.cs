using System.Text.Json;
using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Training;
using TorchSharp;

namespace Hone.Neural.Vit.DataTicket;

/// <summary>Trains the selector that tickets come from, and students on tickets or on what stands in for them.</summary>
public static class DataTicketTraining
{
    internal const string SelectorFormat = "data-ticket selector 1", StudentFormat = "data-ticket student 1", Curve = "curve/";

    /// <summary>The selector: a net trained from scratch, then on while it prunes. The same bytes for the same configuration, images and numerics class.</summary>
    /// <param name="checkpoint">Where to go on, or null; a run cut anywhere and gone on with ends in the same bytes.</param>
    /// <exception cref="OperationCanceledException">Cancelled; a last checkpoint was saved.</exception>
    /// <exception cref="HoneException">Unfit images, a foreign or damaged checkpoint, or a loss that is not a number.</exception>
    public static byte[] Selector(
        DataTicketConfig config, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress, TimeProvider time, CancellationToken cancel)
    {
        config.Check();
        TrainingRun.Begin();
        using var scope = torch.NewDisposeScope();
        byte[]? at = checkpoint is null ? null : TrainingRun.Bytes(checkpoint);
        VitRun on = config.Dense with { Epochs = Math.Max(config.SelectorEpochs, 1e-9) };
        long first = config.Dense.Steps(train.Count), second = config.SelectorEpochs == 0 ? 0 : on.Steps(train.Count);
        using var net = new VitNet(config.Shape, config.Dense.Seed, config.Dense.Device);
        if (at is null || VitTrainer.IdentityOf(at) != Identity(config))
        {
            DenseTraining.Train(net, config.Dense, train, at, save, progress, time, cancel, first + second);
            at = null;
        }
        return Prune(config, net, on, second, train, at, save, progress, time, cancel, first);
    }

    /// <summary>The selector from a dense net that is trained already.</summary>
    /// <param name="dense">Of <see cref="DenseTraining.Run"/>.</param>
    /// <param name="checkpoint">As in <see cref="Selector"/>.</param>
    public static byte[] SelectorFrom(
        DataTicketConfig config, ReadOnlySpan<byte> dense, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress, TimeProvider time, CancellationToken cancel)
    {
        config.Check();
        TrainingRun.Begin();
        using var scope = torch.NewDisposeScope();
        using VitNet net = DenseTraining.Open(config.Shape, ArrayFile.Read(dense));
        VitRun on = config.Dense with { Epochs = config.SelectorEpochs };
        return Prune(config, net, on, on.Steps(train.Count), train, checkpoint is null ? null : TrainingRun.Bytes(checkpoint), save, progress, time, cancel, 0);
    }

    private static byte[] Prune(
        DataTicketConfig config, VitNet net, VitRun run, long steps, ImageSet train, byte[]? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress, TimeProvider time,
        CancellationToken cancel, long before)
    {
        var file = new ArrayFile();
        if (steps > 0)
        {
            using var pruning = new VitTrainer(config.Shape, run, train, new SelectorRecipe(config, net, steps), "training the selector on while it prunes", Identity(config));
            if (checkpoint is not null) pruning.Restore(checkpoint);
            TrainingRun.Drive(pruning, pruning.Steps, save, progress, time, cancel, before: before, total: before + steps);
            pruning.Curve.Save(file, Curve);
        }
        file.Add("format", SelectorFormat);
        net.Arena.Save(file, "");
        return file.ToBytes();
    }

    private static string Identity(DataTicketConfig config) => "ticket selector " + JsonSerializer.Serialize(config, StudyJson.Options);

    /// <summary>A student from scratch.</summary>
    /// <param name="selector">Bytes of <see cref="Selector"/>, for rules that ask it.</param>
    public static byte[] Student(
        DataTicketConfig config, TicketRule rule, double keep, ReadOnlySpan<byte> selector, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress,
        TimeProvider time, CancellationToken cancel)
    {
        config.Check();
        TrainingRun.Begin();
        using var scope = torch.NewDisposeScope();
        using VitNet? asked = NeedsSelector(rule) ? OpenSelector(config, selector) : null;
        using var net = new VitNet(config.Shape, config.Student.Seed, config.Student.Device);
        long steps = config.Student.Steps(train.Count);
        var choice = new TicketChoice(config, rule, keep, asked);
        int[]? known = AsksOnce(config, rule) ? choice.OfAll(train, config.Student.Branches.On(Placed.Find(config.Student.Device)), asked!.Arena.Values.device, config.Student.Threads) : null;
        var recipe = new StudentRecipe(net, config.Student, choice, known, train.Count, steps, WarmUp(config.Student, train.Count));
        using var trainer = new VitTrainer(config.Shape, config.Student, train, recipe, "training a student", $"ticket student {rule} {keep:R} {JsonSerializer.Serialize(config, StudyJson.Options)}");
        if (checkpoint is not null) trainer.Restore(TrainingRun.Bytes(checkpoint));
        TrainingRun.Drive(trainer, trainer.Steps, save, progress, time, cancel);
        var file = new ArrayFile();
        file.Add("format", StudentFormat);
        net.Arena.Save(file, "");
        trainer.Curve.Save(file, Curve);
        return file.ToBytes();
    }

    /// <summary>Whether a rule asks a trained selector.</summary>
    public static bool NeedsSelector(TicketRule rule) => rule is TicketRule.Ticket or TicketRule.Anti;

    /// <summary>Whether a student's training asks a selector once about each image, not each time that it comes by.</summary>
    internal static bool AsksOnce(DataTicketConfig config, TicketRule rule) => NeedsSelector(rule) && config.Student.Repeats;

    /// <summary>The selector's net; the caller disposes of it.</summary>
    internal static VitNet OpenSelector(DataTicketConfig config, ReadOnlySpan<byte> bytes) => Open(config, bytes, SelectorFormat);

    /// <summary>A student's net; the caller disposes of it.</summary>
    internal static VitNet OpenStudent(DataTicketConfig config, ReadOnlySpan<byte> bytes) => Open(config, bytes, StudentFormat);

    private static VitNet Open(DataTicketConfig config, ReadOnlySpan<byte> bytes, string expected)
    {
        ArrayFile file = ArrayFile.Read(bytes);
        string format = file.Get<string>("format");
        if (format != expected) throw new HoneException($"expected '{expected}', got '{format}': these weights are of another kind or version");
        var net = new VitNet(config.Shape, config.Dense.Seed);
        net.Arena.Load(file, "");
        return net;
    }

    private static long WarmUp(VitRun run, int images) => (long)(run.WarmUpEpochs * (images / run.Batch));
}
