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
}

/// <summary>The result of a study: members that no other dominates, and chosen ones that final values put behind.</summary>
public sealed record Front(
    string Study, string Method, ulong Seed, ValueList<Objective> Objectives, ValueList<FrontMember> Members, ValueList<FrontMember> Demoted = default,
    bool Reproducible = true);
