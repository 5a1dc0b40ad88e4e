using Hone.Model;
using Orleans.Concurrency;

namespace Hone.Contracts;

/// <summary>One study; the key is its name. It asks, prices, has candidates evaluated, commits and tells, in that order.</summary>
[Alias("hone.study")]
public interface IStudyGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts the study, or goes on with it when it is known and the specification is the same up to the budget.
    /// </summary>
    /// <param name="spec">The study as canonical JSON text (<see cref="StudyJson.Canonical"/>).</param>
    /// <returns>The status; a specification that cannot be accepted comes back as <see cref="StudyStatus.Error"/> with exit code 2.</returns>
    [Alias("submit")]
    Task<StudyStatus> Submit(string spec);

    /// <summary>Where it stands; of a study that this build cannot open, what is known without opening it and why.</summary>
    [AlwaysInterleave]
    [Alias("status")]
    Task<StudyStatus> Status();

    /// <summary>Wakes the driver when it does not run; the watchdog calls it each second.</summary>
    [Alias("ensure")]
    Task Ensure();

    /// <summary>
    /// Cuts what runs (training after a checkpoint) and stays paused, whatever dies, until it is resumed or submitted again. The results are those of a run
    /// without pause. This and the next four answer with the status; a refusal is its <see cref="StudyStatus.Error"/>, and asking twice is the same as once.
    /// </summary>
    [Alias("pause")]
    Task<StudyStatus> Pause();

    /// <summary>Goes on with a paused or failed study; a stopped one searches on up to its budget.</summary>
    [Alias("resume")]
    Task<StudyStatus> Resume();

    /// <summary>Ends the search at the trials committed so far; their front is finished as usual.</summary>
    [Alias("stop")]
    Task<StudyStatus> Stop();

    /// <summary>Raises the budget and nothing else; a study that had ended searches on and is finished anew.</summary>
    /// <param name="trials">Evaluated trials in all; more than now.</param>
    [Alias("extend")]
    Task<StudyStatus> Extend(int trials);

    /// <summary>Asks for the candidates of all failed trials once more, as further ordinals that say of which; they count for no budget, and the study is finished anew after them.</summary>
    [Alias("retry")]
    Task<StudyStatus> Retry();

    /// <summary>
    /// Committed trials from an ordinal on, in order, with the status of the moment; ends when the study is done, paused or failed.
    /// A caller whose silo died calls again with the next ordinal.
    /// </summary>
    [AlwaysInterleave]
    [Alias("watch")]
    IAsyncEnumerable<StudyUpdate> Watch(int from, CancellationToken cancel = default);

    /// <summary>Committed trials from an ordinal on as numbers; none behind the last.</summary>
    /// <param name="from">At least 0.</param>
    [AlwaysInterleave]
    [Alias("columns")]
    Task<ColumnPage> Columns(int from);

    /// <summary>Committed trials by ordinal, in the order asked for, as many of them as a message holds; ordinals that are not committed are left out.</summary>
    [AlwaysInterleave]
    [Alias("some")]
    Task<ValueList<TrialLine>> Some(ValueList<int> ordinals);

    /// <summary>What is known of a candidate, by ordinal or key, and where its latency goes.</summary>
    [AlwaysInterleave]
    [Alias("explain")]
    Task<Explained> Explain(string asked);

    /// <summary>
    /// The committed trials as another device prices them, page by page, and at last the front they draw there. The study stays as it is.
    /// </summary>
    /// <param name="device">Of the catalog, with options.</param>
    /// <param name="limits">Take the place of the study's limits on the same metrics.</param>
    [AlwaysInterleave]
    [Alias("retarget")]
    IAsyncEnumerable<RetargetUpdate> Retarget(DeviceSpec device, ValueList<Constraint> limits, CancellationToken cancel = default);

    /// <summary>How the work on what candidates share, on candidates that are trained and on the front's members went, point by point; since this activation began, at most some hundred points.</summary>
    [AlwaysInterleave]
    [Alias("training")]
    Task<ValueList<Progress>> Training();

    /// <summary>An evaluation that trains goes on.</summary>
    /// <param name="job">Its id.</param>
    [AlwaysInterleave]
    [Alias("heard")]
    Task Heard(string job, Progress progress);

    /// <summary>Takes a checkpoint of an evaluation that trains, when it leads further than the last; the last but one's bytes are let go then.</summary>
    /// <param name="job">Its id.</param>
    /// <returns>The one to go on from; null: none is kept.</returns>
    [AlwaysInterleave]
    [Alias("checkpoint")]
    Task<TrainingCheckpoint?> Checkpoint(string job, TrainingCheckpoint checkpoint);

    /// <summary>A job of this study ended; an answer to a job no longer open is dropped.</summary>
    [AlwaysInterleave]
    [Alias("report")]
    Task Report(JobReport report);
}

/// <summary>The studies that this cluster knows; one grain, key "all".</summary>
[Alias("hone.studies")]
public interface IStudyIndexGrain : IGrainWithStringKey
{
    [Alias("add")]
    Task Add(string study, bool running);

    [Alias("all")]
    Task<ValueList<string>> All();

    [Alias("running")]
    Task<ValueList<string>> Running();
}
