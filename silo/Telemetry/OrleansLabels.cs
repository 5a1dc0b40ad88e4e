using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Hone.Silo.Telemetry;

/// <summary>Keeps of Orleans' labels those that take few values.</summary>
internal static class OrleansLabels
{
    public static MetricStreamConfiguration? Bounded(Instrument instrument) => null;
}
