using System.Text.Json.Serialization;

namespace Hone.Model;

/// <summary>What became of an ordinal. A lost lease, silo or disk is never an outcome.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Evaluated), "evaluated")]
[JsonDerivedType(typeof(Rejected), "rejected")]
[JsonDerivedType(typeof(Duplicate), "duplicate")]
[JsonDerivedType(typeof(Failed), "failed")]
public abstract record Outcome
{
    /// <summary>The candidate was priced and evaluated.</summary>
    public sealed record Evaluated(ValueList<Measurement> Measurements) : Outcome;

    /// <summary>A hard constraint stops it; nothing was trained or evaluated.</summary>
    public sealed record Rejected(Rejection Why) : Outcome;

    /// <summary>The candidate of an earlier ordinal, answered from memory.</summary>
    public sealed record Duplicate(int Of) : Outcome;

    /// <summary>The evaluator reported an error twice, with a stable code.</summary>
    public sealed record Failed(string Code, string Message) : Outcome;
}

/// <summary>One ordinal of a study: the candidate asked for and what became of it.</summary>
/// <param name="Fidelity">The rung on which it was evaluated (<see cref="Rungs"/>): values of different rungs are never compared. Null in a search without rungs.</param>
/// <param name="RetryOf">The failed ordinal whose candidate was asked for once more, at the same fidelity.</param>
public sealed record Trial(int Ordinal, string Key, Outcome Outcome, int? Fidelity = null, int? RetryOf = null)
{
    /// <summary>The measurements of an evaluated trial; empty for every other outcome.</summary>
    [JsonIgnore]
    public ValueList<Measurement> Measurements => Outcome is Outcome.Evaluated e ? e.Measurements : [];

    /// <summary>The first value of a metric, or null.</summary>
    public double? Value(string metric)
    {
        foreach (Measurement m in Measurements)
            if (m.Metric == metric) return m.Value;
        return null;
    }
}
