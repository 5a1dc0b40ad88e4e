using System.Globalization;
using Hone.Model;

namespace Hone.Studies.Analysis;

/// <summary>Limits on what was measured of a candidate, whoever measured it.</summary>
public static class Limits
{
    /// <summary>The first limit that a measurement breaks; null when none does. A metric that was not measured breaks no limit.</summary>
    public static Rejection? Broken(ValueList<Measurement> measurements, ValueList<Constraint> limits)
    {
        foreach (Constraint limit in limits)
            foreach (Measurement m in measurements)
                if (m.Metric == limit.Metric && !limit.Allows(m.Value))
                    return new Rejection(limit.Metric, string.Create(CultureInfo.InvariantCulture,
                        $"{m.Metric} {m.Value:G4} {m.Unit}{(m.Device is null ? "" : $" on {m.Device}")}, allowed {(limit.Side == Side.AtMost ? "at most" : "at least")} {limit.Limit:G4}"));
        return null;
    }

    /// <summary>Refuses limits on what nobody measures.</summary>
    /// <exception cref="SpecException">An unknown metric; the nearest known one is named.</exception>
    public static void Known(ValueList<Constraint> limits, IEnumerable<string> metrics)
    {
        string[] known = [.. metrics.Distinct()];
        foreach (Constraint limit in limits)
            if (!known.Contains(limit.Metric))
                throw new SpecException($"a limit on '{limit.Metric}': expected one of {string.Join(", ", known)}"
                    + (Nearest.Of(limit.Metric, known) is { } near ? $"; did you mean '{near}'?" : ""));
    }
}
