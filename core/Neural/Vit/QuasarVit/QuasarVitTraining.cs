using Hone.Model;
using Hone.Neural.Training;
using TorchSharp;

namespace Hone.Neural.Vit;

/// <summary>
/// Trains a supernet: a float teacher where asked for, the float supernet, the quantised one. Step t mod 4 = 0 the largest net (all rows 8 bits), 2 the
/// smallest (all 4 bits), odd a random one, or all of them each step (<see cref="Sampling"/>); cross entropy plus 0.5 KL from the teacher.
/// </summary>
public static class QuasarVitTraining
{
    /// <summary>Runs to the end and returns the final weights, the same bytes for the same configuration, images and numerics class.</summary>
    /// <param name="config">Checked first.</param>
    /// <param name="train">The first <see cref="QuasarVitConfig.Images"/> are used.</param>
    /// <param name="checkpoint">Where to go on, or null; a run cut anywhere and gone on with ends in the same bytes.</param>
    /// <param name="save">Called when a checkpoint is due (every 10 s or 2 % of the time, whichever is longer) and when cancelled: (step, writer).</param>
    /// <param name="progress">Loss, images/s and epoch every 10 steps.</param>
    /// <param name="time">Decides only when to save.</param>
    /// <exception cref="OperationCanceledException">Cancelled; a last checkpoint was saved.</exception>
    /// <exception cref="HoneException">Unfit images, a foreign or damaged checkpoint, or a loss that is not a number.</exception>
    public static byte[] Run(
        QuasarVitConfig config, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress,
        TimeProvider time, CancellationToken cancel) => config.Rounds is null ? Train(config, train, null, checkpoint, save, progress, time, cancel)
            : throw new ArgumentException("a training in rounds is QuasarVitRounds'");

    /// <summary>
    /// Trains one subnet alone, from random weights and without a teacher; the answer is in the form of the weights of a supernet that holds this net and nothing
    /// larger (<see cref="QuasarVitConfig.For"/>). Checkpoints as in <see cref="Run"/>.
    /// </summary>
    /// <param name="epochs">Passes over the training images; a part of one is allowed.</param>
    public static byte[] RunAlone(
        QuasarVitConfig config, QuasarVitGenome genome, double epochs, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress,
        TimeProvider time, CancellationToken cancel) =>
        Train(config.For(genome), train, new QuasarVitAlone(genome, Steps: StepsOf(config, epochs, train)), checkpoint, save, progress, time, cancel);

    /// <summary>Fine-tunes one subnet of a trained supernet, quantised throughout, rows as they are ordered; the answer is in the form of a supernet's weights.</summary>
    /// <param name="weights">The supernet's.</param>
    /// <param name="soft">The teacher's probabilities (N, C) for the <see cref="TunedImages"/>; see <see cref="QuasarVitEvaluator.SoftLabels"/>. Empty: no teacher.</param>
    /// <param name="epochs">Passes over the training images; a part of one is allowed.</param>
    /// <param name="rate">Peak learning rate; a tenth of the steps warm up, then a cosine.</param>
    public static byte[] Tune(
        QuasarVitConfig config, ReadOnlyMemory<byte> weights, QuasarVitGenome genome, float[] soft, double epochs, double rate, ImageSet train,
        IProgress<Progress>? progress, TimeProvider time, CancellationToken cancel)
    {
        QuasarVitConfig gentle = config with { PeakRate = rate, QuantisedRate = 0, WarmUpEpochs = 0.1 * epochs };
        return Train(gentle, train, new QuasarVitAlone(genome, weights, soft, StepsOf(config, epochs, train)), null, null, progress, time, cancel);
    }

    /// <summary>The images that a fine-tuning of so many epochs sees, ascending: the same for every member, so a teacher need answer for no others.</summary>
    public static int[] TunedImages(QuasarVitConfig config, double epochs, ImageSet train) =>
        ImageBatches.Drawn(config.Seed, config.Images == 0 ? train.Count : Math.Min(config.Images, train.Count), config.Batch, StepsOf(config, epochs, train));

    private static long StepsOf(QuasarVitConfig config, double epochs, ImageSet train)
    {
        int count = config.Images == 0 ? train.Count : Math.Min(config.Images, train.Count);
        return Math.Max(1, (long)(epochs * (count / config.Batch)));
    }

    private static byte[] Train(
        QuasarVitConfig config, ImageSet train, QuasarVitAlone? alone, Stream? checkpoint, Action<long, Action<Stream>>? save, IProgress<Progress>? progress,
        TimeProvider time, CancellationToken cancel)
    {
        TrainingRun.Begin();
        using var scope = torch.NewDisposeScope();
        using var trainer = new QuasarVitTrainer(config, train, alone);
        if (checkpoint is not null) trainer.Restore(TrainingRun.Bytes(checkpoint));
        TrainingRun.Drive(trainer, trainer.Steps, save, progress, time, cancel);
        return trainer.Weights();
    }
}
