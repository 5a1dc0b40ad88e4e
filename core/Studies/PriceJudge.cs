using System.Globalization;
using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Studies;

/// <summary>Decides by its quotes alone whether a candidate is worth evaluating, and says what stands in the way.</summary>
/// <param name="spec">Devices as the study resolved them, and constraints.</param>
public sealed class PriceJudge(StudySpec spec)
{
    // Opened at the first rejection: most studies reject few candidates, many none.
    private readonly IDevice?[] _devices = new IDevice?[spec.Devices.Count];

    /// <summary>The first device that cannot run the workload, or the first constraint that a quote breaks.</summary>
    /// <param name="quotes">One per device of the study, in its order; null where none is known yet.</param>
    /// <returns>Null when nothing stands in the way.</returns>
    public Rejection? Rejects(Workload workload, IReadOnlyList<Quote?> quotes)
    {
        foreach (Quote? quote in quotes)
            if (quote?.Totals.Count == 0) return quote.Why.Count > 0 ? quote.Why[0] : new Rejection("device", "the device cannot run it");
        foreach (Constraint constraint in spec.Constraints)
            for (int d = 0; d < quotes.Count; d++)
                foreach (Measurement m in quotes[d]?.Totals ?? [])
                    if (IsOf(constraint, m, d) && !constraint.Allows(m.Value))
                        return new Rejection(constraint.Metric, string.Create(CultureInfo.InvariantCulture,
                            $"{m.Metric} {Short(m.Value)}{(m.Unit == "1" ? "" : $" {m.Unit}")} on {m.Device}, allowed {(constraint.Side == Side.AtMost ? "at most" : "at least")} {Short(constraint.Limit)}{Why(d, workload, constraint)}"));
        return null;
    }

    private bool IsOf(Constraint constraint, Measurement m, int device) =>
        m.Metric == DeviceMetric.Plain(constraint.Metric) && (DeviceMetric.Device(constraint.Metric) ?? spec.Devices[device].Name) == spec.Devices[device].Name;

    private static string Short(double value) => value.ToString(Math.Abs(value) >= 1e4 ? "0" : "G4", CultureInfo.InvariantCulture);

    private string Why(int device, Workload workload, Constraint constraint)
    {
        string metric = DeviceMetric.Plain(constraint.Metric);
        if ((metric, constraint.Side) is not (("latency_ms", Side.AtMost) or ("fps", Side.AtLeast))) return "";
        if (DeviceCatalog.IsAttached(spec.Devices[device])) return "";
        if ((_devices[device] ??= DeviceCatalog.Open(spec.Devices[device])) is not FpgaDevice fpga) return "";
        Schedule once = Schedule.Once(workload);
        string? why = metric == "fps" ? LatencyLimit.WhyNotFps(fpga, once, constraint.Limit) : LatencyLimit.WhyNot(fpga, once, constraint.Limit);
        return why is null ? "" : $": {why}";
    }
}
