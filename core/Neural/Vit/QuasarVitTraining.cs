using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;

namespace Hone.Neural.Vit;

/// <summary>
/// Trains a supernet: the quantised phase from random weights. Step t mod 4 = 0 the largest net (all rows 8 bits), 2 the smallest (all 4 bits), odd
/// a random one; cross entropy plus 0.5 KL from the largest net's last answer for the same image.
/// </summary>
public static class QuasarVitTraining
{
    private const int ReportEvery = 10;

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
        TimeProvider time, CancellationToken cancel)
    {
        NativeLog.ErrorsOnly();
        NativeHeap.KeepFreed();
        torch.set_num_threads(config.Threads);   // OpenMP's setting of this thread
        using var scope = torch.NewDisposeScope();
        using var trainer = new QuasarVitTrainer(config, train);
        if (checkpoint is not null)
        {
            using var memory = new MemoryStream();
            checkpoint.CopyTo(memory);
            trainer.Restore(memory.GetBuffer().AsSpan(0, (int)memory.Length));
        }
        var cadence = new SaveCadence(time);
        long first = trainer.Done, begin = time.GetTimestamp(), seen = first;
        while (trainer.Done < trainer.Steps)
        {
            if (cancel.IsCancellationRequested)
            {
                Save();
                cancel.ThrowIfCancellationRequested();
            }
            double loss = trainer.Next();
            if (!double.IsFinite(loss))
                throw new HoneException($"the loss is {loss} at step {trainer.Done}: lower training.peak_rate or check the images");
            if (trainer.Done % ReportEvery == 0 || trainer.Done == trainer.Steps)
            {
                double seconds = time.GetElapsedTime(begin).TotalSeconds;
                double rate = seconds > 0 ? (trainer.Done - seen) * config.Batch / seconds : 0;
                (begin, seen) = (time.GetTimestamp(), trainer.Done);
                progress?.Report(new Progress("training the supernet", trainer.Done, trainer.Steps,
                    [new("loss", loss), new("images/s", rate), new("epoch", (double)trainer.Done / trainer.PerEpoch)]));
            }
            if (trainer.Done < trainer.Steps && cadence.Due(trainer.Done - first, trainer.Steps - trainer.Done)) Save();
        }
        return trainer.Weights();

        void Save() => save?.Invoke(trainer.Done, stream => stream.Write(trainer.Checkpoint()));
    }
}
