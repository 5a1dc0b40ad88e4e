using System.Diagnostics.Metrics;

namespace Hone.Grains.Telemetry;

/// <summary>An instrument with its labels: a line of the table that the README shows.</summary>
public sealed record MeterRow(Instrument Instrument, IReadOnlyList<Label> Labels);
