using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;

namespace Hone.Neural.Training;

/// <summary>Drives a training, with reports and checkpoints.</summary>
internal static class TrainingRun
{
    private const int ReportEvery = 10;

    /// <summary>Gets this thread ready to train: quiet native logs, kept memory, one torch thread (the parts of a batch have their own).</summary>
    public static void Begin()
    {
        NativeLog.ErrorsOnly();
        NativeHeap.KeepFreed();
        torch.set_num_threads(1);
    }

    /// <summary>Reads a stream to its end.</summary>
    public static byte[] Bytes(Stream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    /// <summary>Steps up to <paramref name="until"/>.</summary>
    /// <param name="save">Called when a checkpoint is due (every 10 s or 2 % of the time, whichever is longer) and when cancelled: (step, writer).</param>
    /// <param name="progress">Loss, images/s and epoch every 10 steps.</param>
    /// <param name="time">Decides only when to save.</param>
    /// <param name="before">Steps of trainings that came before in the same job: the counter of a job only grows.</param>
    /// <param name="total">Steps of all trainings of the job; 0: of this one.</param>
    /// <exception cref="OperationCanceledException">Cancelled; a last checkpoint was saved.</exception>
    /// <exception cref="HoneException">A loss that is not a number.</exception>
    public static void Drive(ITraining training, long until, Action<long, Action<Stream>>? save, IProgress<Progress>? progress, TimeProvider time, CancellationToken cancel,
        long before = 0, long total = 0)
    {
        var cadence = new SaveCadence(time);
        long first = training.Done, begin = time.GetTimestamp(), seen = first;
        while (training.Done < until)
        {
            if (cancel.IsCancellationRequested)
            {
                Save();
                cancel.ThrowIfCancellationRequested();
            }
            double loss = training.Next();
            if (!double.IsFinite(loss))
                throw new HoneException($"the loss is {loss} at step {training.Done}: lower training.peak_rate or check the images");
            if (training.Done % ReportEvery == 0 || training.Done == until)
            {
                double seconds = time.GetElapsedTime(begin).TotalSeconds;
                double rate = seconds > 0 ? (training.Done - seen) * training.Batch / seconds : 0;
                (begin, seen) = (time.GetTimestamp(), training.Done);
                progress?.Report(new Progress(training.Phase, before + training.Done, total == 0 ? before + training.Steps : total,
                    [new("loss", loss), new("images/s", rate), new("epoch", (double)training.Done / training.PerEpoch)]));
            }
            if (training.Done < until && cadence.Due(training.Done - first, until - training.Done)) Save();
        }

        void Save() => save?.Invoke(before + training.Done, stream => stream.Write(training.Checkpoint()));
    }
}
