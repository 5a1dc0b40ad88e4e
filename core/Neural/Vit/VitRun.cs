using Hone.Model;
using Hone.Neural.Training;

namespace Hone.Neural.Vit;

/// <summary>
/// How a vision transformer is trained. Sources in brackets: [DeiT] arXiv 2012.12877 and the methods that follow it, [sheet] the small-scale values of the methods' sheets, [ours] chosen here,
/// [measured] chosen by runs.
/// </summary>
public sealed record VitRun
{
    /// <summary>Passes over the training images; a part of one is allowed, and 0 trains nothing.</summary>
    public double Epochs { get; init; } = 12;

    /// <summary>Images a step [sheet].</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Peak learning rate of AdamW [sheet].</summary>
    public double PeakRate { get; init; } = 1e-3;

    /// <summary>Learning rate at the end of the cosine [sheet].</summary>
    public double FinalRate { get; init; } = 1e-5;

    /// <summary>Epochs of linear warm-up [sheet: 2 of 30].</summary>
    public double WarmUpEpochs { get; init; } = 1;

    /// <summary>Weight decay of the matrices; none on biases, norms, positions, class token [DeiT].</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>AdamW's decay of the first moment [DeiT].</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>AdamW's decay of the second moment [DeiT].</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Largest gradient norm of a set of parameters; 0: any [ours].</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Label smoothing of the cross entropy [DeiT].</summary>
    public double Smoothing { get; init; } = 0.1;

    /// <summary>Random crop after padding by so many black pixels; 0: none.</summary>
    public int Crop { get; init; }

    /// <summary>Mirror half of the images.</summary>
    public bool Flip { get; init; }

    /// <summary>Numbers of the blocks' branches in training; residual, norms and all evaluation stay in float32.</summary>
    public Branches Branches { get; init; } = Branches.Auto;

    /// <summary>Parts of a batch, a thread each; part of the numerics class, so never taken from the machine.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Where training runs: cpu, or cuda for GPU builds.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>First weights, order of images and all draws are functions of it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether images come by more than once and are the same each time: what a frozen net says of them need be asked only once.</summary>
    internal bool Repeats => Crop == 0 && !Flip && Epochs > 1;

    internal Augmentation Augmentation => new(Crop, Flip);

    /// <summary>Steps of a training over so many images.</summary>
    public long Steps(int images) => Epochs == 0 ? 0 : Math.Max(1, (long)Math.Round(Epochs * (images / Batch)));

    /// <exception cref="SpecException">A value that trains nothing.</exception>
    public void Check()
    {
        Expect(Epochs >= 0 && Batch > 0 && Threads > 0, $"batch and threads must be positive and epochs not negative, got {Epochs}, {Batch} and {Threads}");
        Expect(PeakRate > 0 && FinalRate >= 0 && WarmUpEpochs >= 0, $"expected a positive peak_rate and no negative final_rate or warm_up_epochs, got {PeakRate}, {FinalRate} and {WarmUpEpochs}");
        Expect(Smoothing is >= 0 and < 1 && WeightDecay >= 0 && ClipNorm >= 0 && Crop >= 0, "label smoothing lies in 0..1; decay, clip norm and crop must not be negative");
    }

    private static void Expect(bool holds, string message)
    {
        if (!holds) throw new SpecException($"training: {message}");
    }
}
