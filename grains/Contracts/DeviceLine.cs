using Hone.Model;

namespace Hone.Contracts;

/// <summary>A device that studies can name, as it is listed: a modelled board with its figures, or an attached one with its nodes, its queue and what its table is worth.</summary>
public sealed record DeviceLine(
    string Name, string Kind, string Description, int? Dsp = null, int? Lut = null, int? FlipFlops = null, int? Bram18 = null, double? ClockMHz = null, string? Sources = null,
    ValueList<NodeLine>? Nodes = null, DeviceQueueLine? Queue = null, CalibrationLine? Calibration = null, int? Operations = null, int? Networks = null, ValueList<string>? Remarks = null)
{
    public const string Attached = "attached";

    /// <summary>An attached device.</summary>
    public static DeviceLine Of(DeviceStatus s) => new(s.Name, Attached, s.Nodes.Count > 0 ? $"{s.Nodes[0].Node.Processor}, measured" : "measured by nodes; none is here",
        Nodes: s.Nodes.Select(n => new NodeLine(n.Node.Name, n.Status, n.Holds, n.Node.Processor, n.Node.Instructions, n.Node.Cores, n.Node.Threads, n.Node.Governor, n.Node.Celsius)).ToValueList(),
        Queue: new DeviceQueueLine(s.Waiting, s.Leased), Calibration: s.Calibration is { } c ? new CalibrationLine(c.Version, c.Error, c.Since) : null, Operations: s.Operations, Networks: s.Networks,
        Remarks: s.Remarks.Count > 0 ? s.Remarks : null);
}

/// <summary>A node of an attached device.</summary>
/// <param name="Status">"busy" or "ready".</param>
/// <param name="Holds">What it measures.</param>
public sealed record NodeLine(string Name, string Status, string? Holds, string Processor, string Instructions, int Cores, int Threads, string? Governor, double? Celsius);

/// <summary>Measurements asked of a device.</summary>
public sealed record DeviceQueueLine(int Waiting, int Leased);

/// <param name="Version">What the figures depend on, and the table's version.</param>
/// <param name="Error">Mean error of predictions of held-out operations, percent.</param>
/// <param name="Since">When the last figure came.</param>
public sealed record CalibrationLine(string Version, double? Error, DateTimeOffset? Since);

/// <param name="Nodes">How many were sent away.</param>
public sealed record DetachAnswer(int Nodes);
