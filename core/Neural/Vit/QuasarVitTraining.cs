using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>
/// Trains a supernet: step t takes the largest net (t mod 4 = 0), the smallest (2) or a random one (odd). The teacher is the largest net itself: its
/// latest soft labels are remembered image by image, so that distillation costs no pass of its own. Quantisers act from
/// <see cref="QuasarVitConfig.FloatShare"/> of the steps on.
/// </summary>
public static class QuasarVitTraining
{
    /// <summary>Trains to the end and gives the final weights; the same configuration and images give the same bytes, cut and resumed or not.</summary>
    /// <param name="checkpoint">A checkpoint to go on from; null to begin.</param>
    /// <param name="save">Called with the step when a checkpoint is due, and when cancelled; writes it into the stream given to its second argument.</param>
    /// <exception cref="HoneException">The images do not fit, or the checkpoint is of another run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the last checkpoint holds all that was done.</exception>
    public static byte[] Run(QuasarVitConfig config, ImageSet train, Stream? checkpoint, Action<long, Action<Stream>> save,
        IProgress<Progress> progress, TimeProvider time, CancellationToken cancel)
    {
        set_num_threads(config.Threads);
        using var scope = NewDisposeScope();
        using var run = new QuasarVitRun(config, train);
        if (checkpoint is not null) run.Load(checkpoint);
        long begun = run.Step, start = time.GetTimestamp(), told = start;
        var cadence = new SaveCadence(time);
        while (run.Step < run.Steps)
        {
            double loss = run.Next();
            if (cancel.IsCancellationRequested)
            {
                save(run.Step, run.Save);
                cancel.ThrowIfCancellationRequested();
            }
            if (cadence.Due(run.Step - begun, run.Steps - run.Step)) save(run.Step, run.Save);
            if (time.GetElapsedTime(told).TotalSeconds < 0.5) continue;
            told = time.GetTimestamp();
            double perSecond = (run.Step - begun) * config.Batch / time.GetElapsedTime(start).TotalSeconds;
            progress.Report(new Progress("training the supernet", run.Step, run.Steps,
                [new Figure("loss", loss), new Figure("images/s", perSecond), new Figure("epoch", run.Epoch)]));
        }
        return run.Weights();
    }
}
