using Hone.Model;

namespace Hone.Studies.Images;

/// <summary>Which metrics a study may name.</summary>
internal static class StudyMetrics
{
    private static readonly string[] Priced = ["latency_ms", "fps", "dsp", "lut", "ff", "bram18", "memory_ms"];

    /// <summary>Refuses what nobody measures, and a study without accuracy.</summary>
    /// <param name="measured">What the method measures itself; accuracy among them.</param>
    /// <exception cref="SpecException">An unknown metric (the nearest is named), or accuracy is no objective.</exception>
    public static void Check(StudySpec spec, params string[] measured)
    {
        foreach (Objective objective in spec.Objectives) Known(objective.Metric, "objectives");
        foreach (Constraint constraint in spec.Constraints) Known(constraint.Metric, "constraints");
        if (!spec.Objectives.Any(o => o.Metric == "accuracy")) throw new SpecException("objectives: expected 'accuracy' among them");

        void Known(string metric, string where)
        {
            if (measured.Contains(metric)) return;
            if (Priced.Contains(DeviceMetric.Plain(metric)) && spec.Devices.Count > 0) DeviceCatalog.CheckMetric(metric, spec, where);
            else
                throw new SpecException($"{where}: {spec.Method} measures {string.Join(" and ", measured)}{(spec.Devices.Count > 0 ? $" and the devices {string.Join(", ", Priced)}" : "")}; got '{metric}'"
                    + (Nearest.Of(metric, [.. Priced, .. measured]) is { } near ? $"; did you mean '{near}'?" : ""));
        }
    }

    /// <summary>The study with its devices resolved under its own limits.</summary>
    public static StudySpec Resolved(StudySpec spec, SearchSpace space, Func<Candidate, Workload> lower) => spec with
    {
        Devices = spec.Devices.Select(d => DeviceCatalog.Resolve(DeviceCatalog.Limited(d, DeviceCatalog.OfDevice(spec.Constraints, d.Name)), space, lower)).ToValueList(),
    };
}
