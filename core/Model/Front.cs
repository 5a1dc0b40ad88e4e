namespace Hone.Model;

/// <summary>A member of a front. The first measurement of an objective's metric is the one it was drawn by.</summary>
public sealed record FrontMember(int Ordinal, string Key, ValueList<Measurement> Measurements)
{
    /// <exception cref="InvalidOperationException">The member lacks the metric.</exception>
    public double Value(string metric)
    {
        foreach (Measurement m in Measurements)
            if (m.Metric == metric) return m.Value;
        throw new InvalidOperationException($"member {Ordinal} has no '{metric}'");
    }

    /// <summary>
    /// The member with what finishing measured. A metric measured anew (after fine-tuning) takes the place of the value it was drawn by, which follows as
    /// <c>inherited_&lt;metric&gt;</c>; the others are appended.
    /// </summary>
    public FrontMember With(ValueList<Measurement> finished)
    {
        List<Measurement> first = [], rest = [];
        foreach (Measurement m in Measurements)
        {
            if (finished.FirstOrDefault(f => f.Metric == m.Metric) is { } anew)
            {
                first.Add(anew);
                rest.Add(m with { Metric = $"inherited_{m.Metric}" });
            }
            else first.Add(m);
        }
        return this with { Measurements = [.. first, .. finished.Where(f => !Measurements.Any(m => m.Metric == f.Metric)), .. rest] };
    }
}

/// <summary>The result of a study: members that no other dominates, and chosen ones that final values put behind.</summary>
/// <param name="Fidelity">The rung that it is drawn from; null in a search without rungs.</param>
public sealed record Front(
    string Study, string Method, ulong Seed, ValueList<Objective> Objectives, ValueList<FrontMember> Members, ValueList<FrontMember> Demoted = default,
    bool Reproducible = true, int? Fidelity = null);
