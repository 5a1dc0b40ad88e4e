using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>How large the evidence of the methods that drop data is. One torch thread and float32 branches, so that it is the same experiment on every processor.</summary>
internal sealed record TokenScale
{
    /// <summary>To be raised when core changes what these configurations compute without changing them: results of before become stale.</summary>
    public const int Revision = 1;

    /// <summary>Speeds of two idle cores [measured: a Zen 4 server processor, float32], and the limit in minutes.</summary>
    public static (Speed Speed, double Minutes) Budget => (new Speed(1_000, 3_000), 90);

    /// <summary>Where all of these methods keep what units found: they share dense nets.</summary>
    public const string StoreRoom = "core/Neural/Vit";

    /// <summary>The most image passes of a part; an evaluation counts a third.</summary>
    public const double MostPasses = 5.5e6;

    public ValueList<ulong> Seeds { get; init; } = [1, 2, 3, 4, 5];

    /// <summary>Class-balanced, by seed.</summary>
    public int TrainImages { get; init; } = 15_000;

    /// <summary>Of the official test set, which nothing is chosen by.</summary>
    public int TestImages { get; init; } = 10_000;

    /// <summary>Training images that thresholds are set on once a net is trained, and that no label is read of.</summary>
    public int CalibrationImages { get; init; } = 2_000;

    public double DenseEpochs { get; init; } = 12;

    public double TuneEpochs { get; init; } = 6;

    /// <summary>Of quantisation-aware training.</summary>
    public double QuantEpochs { get; init; } = 2;

    /// <summary>Of trainings from scratch with less data.</summary>
    public double ScratchEpochs { get; init; } = 20;

    public int ScratchImages { get; init; } = 10_000;

    /// <summary>Of students, and of the selector while it prunes.</summary>
    public double StudentEpochs { get; init; } = 15;

    public double SelectorEpochs { get; init; } = 4;

    public int Batch { get; init; } = 64;

    public double PeakRate { get; init; } = 1e-3;

    /// <summary>Pixels that training images are padded by and cropped again at random; 0: as they are.</summary>
    public int Crop { get; init; }

    /// <summary>Whether half of the training images are mirrored.</summary>
    public bool Flip { get; init; }

    public VitRun Run(ulong seed) => new()
    {
        Epochs = DenseEpochs, Batch = Batch, PeakRate = PeakRate, WarmUpEpochs = Math.Min(1, DenseEpochs / 4), Crop = Crop, Flip = Flip, Branches = Branches.Float32, Threads = 1, Seed = seed,
    };

    /// <summary>Of the subset of CIFAR-10: fewer images, which come by more often and never twice the same.</summary>
    public TokenScale OfCifar => this with { TrainImages = Math.Min(TrainImages, 8_000), TestImages = Math.Min(TestImages, 2_000), DenseEpochs = 2 * DenseEpochs, Crop = 4, Flip = true };

    /// <summary>How training images are changed, behind their number; empty: not at all.</summary>
    public static string Changed(int crop, bool flip) => (crop > 0 ? $", padded by {crop} pixels and cropped at random" : "") + (flip ? ", half of them mirrored" : "");

    public static TokenScale Full { get; } = new();

    /// <summary>Seconds instead of hours; its figures mean nothing.</summary>
    public static TokenScale Smoke { get; } = new() { Seeds = [1, 2], TrainImages = 320, TestImages = 200, CalibrationImages = 100, DenseEpochs = 1, TuneEpochs = 0.5, QuantEpochs = 0.2, ScratchEpochs = 10, ScratchImages = 100, StudentEpochs = 1, SelectorEpochs = 0.5, Batch = 32 };
}
