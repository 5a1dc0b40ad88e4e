using System.Globalization;
using System.Text;
using Hone.Data;
using Hone.Model;

namespace Hone.Studies.Synthetic;

/// <summary>
/// What an evaluation takes besides its result, so that what a cluster does under load, and to work that is cut, can be tried without training. Of a share of the training it is that
/// share. Changes no result.
/// </summary>
/// <param name="Pause">Milliseconds that the slot only waits (<c>model.pause_ms</c>).</param>
/// <param name="Burn">Milliseconds that it keeps a core busy (<c>model.burn_ms</c>).</param>
/// <param name="Steps">So many steps share them, each with a checkpoint behind it (<c>model.steps</c>); 0: they pass in one go and are not gone on with.</param>
internal sealed record Effort(int Pause, int Burn, int Steps = 0)
{
    /// <summary>Milliseconds: ten minutes.</summary>
    public const int Most = 600_000;

    /// <summary>Most steps.</summary>
    public const int MostSteps = 1_000_000;

    /// <summary>The result comes at once.</summary>
    public bool IsNone => Pause == 0 && Burn == 0 && Steps == 0;

    /// <exception cref="OperationCanceledException">The work was cut.</exception>
    /// <exception cref="HoneException">The checkpoint is none of an evaluation like this.</exception>
    public void Spend(string key, CandidateTraining training, IBlobStore blobs, TimeProvider clock, CancellationToken cancel)
    {
        string what = string.Create(CultureInfo.InvariantCulture, $" of {key} at {training.Share}");
        int steps = Math.Max(1, (int)Math.Ceiling(Steps * training.Share));
        for (int step = training.Checkpoint is { } at ? StepOf(blobs, at, what) : 0; step < steps; step++)
        {
            Wait(Pause * training.Share / steps, Burn * training.Share / steps, clock, cancel);
            if (Steps == 0) continue;
            training.Progress.Report(new Progress("pretending to train", step + 1, steps));
            training.Checkpointed(blobs.Put(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"step {step + 1}{what}"))), step + 1);
        }
    }

    private static void Wait(double pause, double burn, TimeProvider clock, CancellationToken cancel)
    {
        if (pause > 0) cancel.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(pause));
        cancel.ThrowIfCancellationRequested();
        for (long start = clock.GetTimestamp(); clock.GetElapsedTime(start).TotalMilliseconds < burn; Thread.SpinWait(1_000)) cancel.ThrowIfCancellationRequested();
    }

    private static int StepOf(IBlobStore blobs, BlobId checkpoint, string what)
    {
        using var text = new StreamReader(blobs.Open(checkpoint), Encoding.UTF8);
        string read = text.ReadToEnd();
        return read.StartsWith("step ", StringComparison.Ordinal) && read.EndsWith(what, StringComparison.Ordinal)
            && int.TryParse(read.AsSpan(5..^what.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int step) ? step
            : throw new HoneException($"checkpoint {checkpoint}: expected a step{what}, got '{(read.Length > 60 ? read[..60] : read)}'");
    }
}
