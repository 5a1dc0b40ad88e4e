namespace Hone.Model;

/// <summary>A measurement that nodes of a device are asked for: one run of a workload, which is a single operation or a whole network.</summary>
/// <param name="Id">Stable: it names what is measured, so that asking twice is the same as once.</param>
/// <param name="Workload">What is run.</param>
/// <param name="StallSeconds">A node that says nothing new for so long has lost the job.</param>
/// <param name="Trace">W3C traceparent of who asked first; null: not traced.</param>
public sealed record MeasureJob(string Id, Workload Workload, int StallSeconds = 60, string? Trace = null);

/// <summary>A measurement leased to one node, with the fencing token that its beats and its report must carry.</summary>
/// <param name="BeatSeconds">How often the node says that it is still there.</param>
/// <param name="SentinelMs">The best time of the sentinel that any node of this calibration saw; null: none told one.</param>
public sealed record MeasureLease(MeasureJob Job, long Token, double BeatSeconds = 1, double? SentinelMs = null);
