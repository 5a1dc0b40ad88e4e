using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Hone.Silo.Telemetry;

/// <summary>
/// Keeps those labels of Orleans' instruments that take few values. What it tells besides (addresses of silos, names of states, of which every page of a
/// journal has its own) would grow with the cluster's age; such series are added up.
/// </summary>
internal static class OrleansLabels
{
    /// <summary>The meter.</summary>
    public const string Meter = "Microsoft.Orleans";

    private static readonly string[] Kept = ["grain_type", "status", "directory", "locator", "Direction", "Status", "Context", "state_type", "provider_type_name", "type"];

    /// <summary>A view: null leaves an instrument as it is.</summary>
    public static MetricStreamConfiguration? Bounded(Instrument instrument) => instrument.Meter.Name == Meter ? new MetricStreamConfiguration { TagKeys = Kept } : null;
}
