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

/// <summary>How a job ended on a node: exactly one of a reading, a failure that every node of the device would report, or the reason why this node gave it back.</summary>
public sealed record NodeReport(string Node, string Job, long Token, Reading? Reading = null, NodeFailure? Failure = null, string? Released = null)
{
    /// <summary>The reason of a node that ends; it is no fault of the job.</summary>
    public const string Stopping = "the node is stopping";
}

/// <summary>What became of a report.</summary>
/// <param name="Counts">Whether it is what the cluster goes on with.</param>
/// <param name="Why">Why it does not; null where it does.</param>
public sealed record ReportAnswer(bool Counts, string? Why = null);
