using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains;

/// <summary>What of a study is durable besides its journal.</summary>
[GenerateSerializer]
[Alias("hone.study-state")]
public sealed record StudyState
{
    /// <summary>Canonical JSON with the budget in force; null while the study is not known.</summary>
    [Id(0)]
    public string? Spec { get; set; }

    [Id(1)]
    public StudyPhase Phase { get; set; }

    /// <summary>Where a paused or failed study goes on when it is resumed.</summary>
    [Id(2)]
    public StudyPhase ResumeAt { get; set; }

    [Id(3)]
    public string? Reason { get; set; }

    /// <summary>The trained weights that candidates share.</summary>
    [Id(4)]
    public BlobId? Shared { get; set; }

    /// <summary>The numerics class of those weights: candidates are evaluated in the same.</summary>
    [Id(5)]
    public string? Numerics { get; set; }

    /// <summary>Members finished so far, by ordinal.</summary>
    [Id(6)]
    public Dictionary<int, JobResult> Finished { get; set; } = [];

    [Id(7)]
    public ValueList<Artifact> Artifacts { get; set; }

    /// <summary>The user asked for the end of the search: the front of the trials so far is finished.</summary>
    [Id(8)]
    public bool StopAsked { get; set; }

    /// <summary>The training images that the shared weights were trained on; null where there are none.</summary>
    [Id(10)]
    public BlobId? Data { get; set; }

    /// <summary>Failed ordinals that were asked for once more; those that the journal has retried already are passed over.</summary>
    [Id(11)]
    public ValueList<int> Retries { get; set; }

    /// <summary>Of evaluations that train and are open.</summary>
    [Id(12)]
    public ValueList<EvaluationCheckpoint> Checkpoints { get; set; }

    /// <summary>Of the trials on the front so far, where evaluations train: what finishing exports.</summary>
    [Id(13)]
    public ValueList<TrainedTrial> Trained { get; set; }

    /// <summary>Keys of the solvers that have checkpoints, where evaluations are solvers' runs, and are open.</summary>
    [Id(14)]
    public ValueList<string> Solvers { get; set; }

    /// <summary>The specification as last submitted: <see cref="Spec"/> before its budget was raised by a command.</summary>
    [Id(9)]
    public string? Submitted { get; set; }
}
