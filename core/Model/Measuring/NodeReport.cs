namespace Hone.Model;

/// <summary>A node says that it is still at a job.</summary>
/// <param name="Step">Grows as the work goes on.</param>
public sealed record NodeBeat(string Node, string Job, long Token, long Step);

/// <summary>Whether to go on; false: the lease is another's, or nobody wants the job any more.</summary>
public sealed record BeatAnswer(bool GoOn);

/// <summary>Why a node cannot run a workload, with a stable code.</summary>
public sealed record NodeFailure(string Code, string Message)
{
    /// <summary>No kernel for the operation that the message names: every node of the device would say so.</summary>
    public const string Uncovered = "uncovered";
}

/// <summary>What a node spent its time on between lease and report, milliseconds, one after the other. Durations alone: its clock need not agree with any other.</summary>
/// <param name="WaitingMs">For its turn: a machine measures one thing at a time.</param>
/// <param name="WarmUpMs">Making the workload ready, and runs that do not count.</param>
/// <param name="MeasuringMs">Runs that count, and the sentinels beside them.</param>
public sealed record NodePhases(double WaitingMs = 0, double WarmUpMs = 0, double MeasuringMs = 0);

/// <summary>How a job ended on a node: exactly one of a reading, a failure that every node of the device would report, or the reason why this node gave it back.</summary>
/// <param name="Trace">The job's, handed back; null: it had none, or the node does not know of traces.</param>
/// <param name="Phases">Null: the node does not tell.</param>
public sealed record NodeReport(
    string Node, string Job, long Token, Reading? Reading = null, NodeFailure? Failure = null, string? Released = null, string? Trace = null, NodePhases? Phases = null)
{
    /// <summary>The reason of a node that ends; it is no fault of the job.</summary>
    public const string Stopping = "the node is stopping";
}

/// <summary>What became of a report.</summary>
/// <param name="Counts">Whether it is what the cluster goes on with.</param>
/// <param name="Why">Why it does not; null where it does.</param>
public sealed record ReportAnswer(bool Counts, string? Why = null);
