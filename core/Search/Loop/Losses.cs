using Hone.Model;

namespace Hone.Search;

/// <summary>The objectives of a trial as plain numbers, smaller is better.</summary>
public static class Losses
{
    /// <summary>The losses of an evaluated trial, shape (m).</summary>
    /// <exception cref="HoneException">A metric is missing, or its value is not finite.</exception>
    public static double[] Of(Trial trial, ValueList<Objective> objectives) => Of($"ordinal {trial.Ordinal}", trial.Measurements, objectives);

    /// <summary>The losses of a front member by its first values, shape (m).</summary>
    /// <exception cref="HoneException">A metric is missing, or its value is not finite.</exception>
    public static double[] Of(FrontMember member, ValueList<Objective> objectives) => Of($"member {member.Ordinal}", member.Measurements, objectives);

    private static double[] Of(string who, ValueList<Measurement> measurements, ValueList<Objective> objectives)
    {
        double[] losses = new double[objectives.Count];
        for (int k = 0; k < losses.Length; k++)
        {
            double? value = null;
            foreach (Measurement m in measurements)
                if (m.Metric == objectives[k].Metric) { value = m.Value; break; }
            if (value is not double v)
                throw new HoneException($"{who}: expected a measurement of the objective '{objectives[k].Metric}', got {(measurements.Count == 0 ? "none" : string.Join(", ", Names(measurements)))}");
            if (!double.IsFinite(v)) throw new HoneException($"{who}: the objective '{objectives[k].Metric}' is {v}; expected a finite number");
            losses[k] = objectives[k].Loss(v);
        }
        return losses;
    }

    private static List<string> Names(ValueList<Measurement> measurements)
    {
        var names = new List<string>();
        foreach (Measurement m in measurements) names.Add(m.Metric);
        return names;
    }
}
