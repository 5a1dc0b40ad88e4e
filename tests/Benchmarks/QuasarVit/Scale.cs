using Hone.Model;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>The sizes of the evidence, stated before any run.</summary>
internal sealed record Scale
{
    public Recipe Recipe { get; init; } = new();

    /// <summary>Supernets per data set; the seed also carves the images, so intervals over these seeds are over images too.</summary>
    public ValueList<ulong> SupernetSeeds { get; init; } = [1, 2, 3];

    public int SearchSeeds { get; init; } = 10;

    /// <summary>T: evaluated candidates of every search.</summary>
    public int Trials { get; init; } = 64;

    public int Population { get; init; } = 16;

    public int Window { get; init; } = 8;

    /// <summary>Validation images that rank candidates in a search.</summary>
    public int SearchImages { get; init; } = 400;

    /// <summary>Other validation images that score what a search chose.</summary>
    public int ScoreImages { get; init; } = 1_000;

    /// <summary>Validation images that judge single nets (rankings, variants, chosen nets), none of the search's among them.</summary>
    public int JudgeImages { get; init; } = 4_500;

    /// <summary>
    /// Of the searches, below the 0.3 ms of the sample study: the accuracy of larger nets was seen to be nearly flat there in a run of before, so little would be decided.
    /// </summary>
    public double LatencyLimitMs { get; init; } = 0.2;

    /// <summary>Of the random nets of the ranking: that of the sample study.</summary>
    public double RankingLimitMs { get; init; } = 0.3;

    /// <summary>Accuracy in % below which a front gains nothing, instead of the data set's own; null: that.</summary>
    public double? Reference { get; init; }

    /// <summary>Latencies at which accuracies are compared.</summary>
    public ValueList<double> TargetsMs { get; init; } = [0.14, 0.17, 0.2];

    /// <summary>Nets trained alone for Kendall's tau.</summary>
    public int Subnets { get; init; } = 20;

    /// <summary>Random nets that compare supernets.</summary>
    public int Genomes { get; init; } = 24;

    /// <summary>Epochs of the fine-tuning that a searched net and a hand-made one both get.</summary>
    public double TuneEpochs { get; init; } = 0.5;

    /// <summary>Its peak rate: a tenth of the training's.</summary>
    public double TuneRate { get; init; } = 4e-4;

    /// <summary>Members of a front that the plan reckons with.</summary>
    public int FrontMembers { get; init; } = 12;

    /// <summary>Validation images carved in all.</summary>
    public int HeldOut => SearchImages + Math.Max(ScoreImages, JudgeImages);

    public static Scale Full { get; } = new();

    /// <summary>Seconds instead of hours; its figures mean nothing.</summary>
    public static Scale Smoke { get; } = new()
    {
        Recipe = new(TrainImages: 320, TeacherEpochs: 1, Epochs: 1, Batch: 32), SearchSeeds = 2, Trials = 6, Population = 3, Window = 2, SearchImages = 50, ScoreImages = 100, JudgeImages = 200,
        Subnets = 6, Genomes = 4, TuneEpochs = 0.3, Reference = 5,
    };
}
