using Hone.Model;

namespace Hone.Contracts;

/// <summary>
/// A device that nodes measure; the key is its name. It prices workloads from a table of measured operations, hands what is unknown to its nodes, and learns from what they report.
/// No call lasts longer than a second.
/// </summary>
[Alias("hone.device")]
public interface IDeviceProfilerGrain : IGrainWithStringKey
{
    /// <summary>Prices one run of each workload; operations that the table does not know are queued to the nodes.</summary>
    /// <param name="workloads">Of one study.</param>
    /// <param name="trace">W3C traceparent of who asks; null: not traced.</param>
    [Alias("price")]
    Task<DevicePrices> Price(ValueList<Workload> workloads, string? trace = null);

    /// <summary>What of these is predicted is measured before anything else that is: they are a front, and what changes there changes results.</summary>
    [Alias("prefer")]
    Task Prefer(ValueList<Workload> front);

    /// <summary>A whole network's measured time: known, or queued to the nodes before any operation.</summary>
    [Alias("measure")]
    Task<NetworkAnswer> Measure(Workload workload);

    /// <summary>The cost table as it is, its JSON text in the blob store.</summary>
    [Alias("table")]
    Task<BlobId> Table();

    /// <summary>The next job for this node; waits for one, and gives null after less than a second without.</summary>
    [Alias("lease")]
    Task<LeaseAnswer> Lease(NodeInfo node);

    /// <summary>Says that the node goes on; false tells it to drop the job.</summary>
    [Alias("beat")]
    Task<bool> Beat(NodeBeat beat);

    [Alias("report")]
    Task<ReportAnswer> Report(NodeReport report);

    /// <summary>Begins to measure a designed grid of operations and whole networks of a study's space; what was under way of that kind is dropped.</summary>
    /// <returns>As <see cref="Calibration"/>; a request that cannot be carried out comes back as an error.</returns>
    [Alias("calibrate")]
    Task<CalibrationProgress> Calibrate(CalibrationRequest request);

    /// <summary>How far the calibration is; null when none was begun since the grain was activated.</summary>
    [Alias("calibration")]
    Task<CalibrationProgress?> Calibration();

    /// <summary>Sends the nodes that are here away: each ends when it asks for work the next time. What they measured stays.</summary>
    /// <returns>How many there are.</returns>
    [Alias("detach")]
    Task<int> Detach();

    [Alias("status")]
    Task<DeviceStatus> Status();
}

/// <summary>The devices that nodes measure and that anyone ever asked for or attached to; one grain, key "all".</summary>
[Alias("hone.devices")]
public interface IDeviceIndexGrain : IGrainWithStringKey
{
    [Alias("add")]
    Task Add(string device);

    [Alias("all")]
    Task<ValueList<string>> All();
}

/// <summary>Quotes in the workloads' order; one without totals whose reason is that operations are not measured yet will have them later.</summary>
/// <param name="Waits">What it waits for, in a line; null when every quote is whole.</param>
/// <param name="Stuck">Why it cannot go on by itself: a job was lost too often.</param>
[GenerateSerializer, Immutable]
[Alias("hone.device-prices")]
public sealed record DevicePrices([property: Id(0)] ValueList<Quote> Quotes, [property: Id(1)] string? Waits = null, [property: Id(2)] string? Stuck = null);

/// <summary>What a node that asks for work gets: a job, nothing for now, or why it will get none.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.lease-answer")]
public sealed record LeaseAnswer([property: Id(0)] MeasureLease? Lease, [property: Id(1)] string? Refused = null);

/// <summary>What is known of a network's time; a reading, a failure that every node would report, or what it waits for.</summary>
[GenerateSerializer, Immutable]
[Alias("hone.network-answer")]
public sealed record NetworkAnswer(
    [property: Id(0)] Measurement? Measured = null, [property: Id(1)] NodeFailure? Failure = null, [property: Id(2)] string? Waits = null, [property: Id(3)] string? Stuck = null);

/// <summary>A device's nodes, its queue, and what its table is worth.</summary>
/// <param name="Operations">Operations in the table.</param>
/// <param name="Networks">Networks measured end to end.</param>
/// <param name="Remarks">What ran in another way than stated, each kind with how many figures it is true of, the most first.</param>
/// <param name="Calibration">What the figures depend on, and how well the table predicts what it does not hold; null before anything was measured.</param>
[GenerateSerializer, Immutable]
[Alias("hone.device-status")]
public sealed record DeviceStatus(
    [property: Id(0)] string Name, [property: Id(1)] ValueList<NodeStatus> Nodes, [property: Id(2)] int Waiting, [property: Id(3)] int Leased, [property: Id(4)] int Operations,
    [property: Id(5)] int Networks, [property: Id(6)] CalibrationStatus? Calibration, [property: Id(7)] ValueList<string> Remarks = default);

/// <summary>A node that was heard of a moment ago.</summary>
/// <param name="Status">"busy" or "ready".</param>
/// <param name="Holds">What it measures.</param>
[GenerateSerializer, Immutable]
[Alias("hone.node-status")]
public sealed record NodeStatus([property: Id(0)] NodeInfo Node, [property: Id(1)] string Status, [property: Id(2)] string? Holds);

/// <param name="Version">Grows with every change of the table.</param>
/// <param name="Error">Mean absolute error of predictions of held-out operations, percent; null while there are too few.</param>
/// <param name="Since">When the last figure came.</param>
[GenerateSerializer, Immutable]
[Alias("hone.calibration-status")]
public sealed record CalibrationStatus([property: Id(0)] string Version, [property: Id(1)] double? Error, [property: Id(2)] DateTimeOffset? Since);
