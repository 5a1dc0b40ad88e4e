using System.Globalization;
using Hone.Model;

namespace Hone.Studies.Analysis;

/// <summary>Hard limits against what a device says.</summary>
public static class Limits
{
    /// <summary>The first limit that a measurement breaks, or null.</summary>
    public static Rejection? Broken(ValueList<Measurement> measurements, ValueList<Constraint> constraints)
    {
        foreach (Constraint constraint in constraints)
            foreach (Measurement m in measurements)
                if (m.Metric == constraint.Metric && !constraint.Allows(m.Value))
                    return new Rejection(constraint.Metric, string.Create(CultureInfo.InvariantCulture,
                        $"{m.Metric} {m.Value:0.####} {m.Unit} on {m.Device}, allowed {(constraint.Side == Side.AtMost ? "at most" : "at least")} {constraint.Limit:0.####}"));
        return null;
    }
}
