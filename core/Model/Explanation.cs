namespace Hone.Model;

/// <summary>What is known of a candidate, and what follows from its price; nothing is trained for it.</summary>
/// <param name="Key">The candidate's key.</param>
/// <param name="Trial">Its trial in the journal, or null when the study never asked for it.</param>
/// <param name="Standing">
/// One of on-front, dominated, equalled (an earlier trial has the same values and stands for it), infeasible (evaluated, and it breaks a limit), lower-rung (evaluated at a lower fidelity
/// than the front's), rejected, failed, not-asked.
/// By the values of the search.
/// </param>
/// <param name="Reason">The limit it breaks, the error it ended with, the trial that stands for it, or both rungs; null otherwise.</param>
/// <param name="Priced">The quote of each device of the study, costs by operation included.</param>
/// <param name="Dominators">The first of the members that dominate it.</param>
/// <param name="DominatedBy">How many members of the front dominate it.</param>
/// <param name="DuplicateAt">The ordinal that was asked for, when it is a duplicate of <paramref name="Trial"/>.</param>
/// <param name="Final">What finishing made of it: exported, demoted (a final value of another member put it behind), or null: it was not chosen, or finishing has not ended.</param>
public sealed record Explanation(
    string Key, Trial? Trial, string Standing, string? Reason, ValueList<DevicePrice> Priced, ValueList<Dominator> Dominators, int DominatedBy,
    ValueList<Objective> Objectives, int? DuplicateAt = null, string? Final = null);

/// <summary>A device's quote.</summary>
public sealed record DevicePrice(string Device, Quote Quote);

/// <summary>A member of the front that is no worse in any objective and better in at least one, by the values of the search.</summary>
/// <param name="Leads">By how much, in the objectives in which it is better.</param>
public sealed record Dominator(int Ordinal, string Key, ValueList<Measurement> Measurements, ValueList<Lead> Leads)
{
    /// <summary>Whether every lead is too small to count.</summary>
    public bool Tied => Leads.All(l => l.Tied);
}

/// <summary>A difference of two values of a metric.</summary>
/// <param name="Percent">Of the larger value.</param>
/// <param name="Resolution">The smallest difference, in percent, that counts; null when every difference does.</param>
public sealed record Lead(string Metric, double Percent, double? Resolution)
{
    /// <summary>Whether it is too small to count.</summary>
    public bool Tied => Percent < Resolution;
}
