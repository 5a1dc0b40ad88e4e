namespace Hone.Model;

/// <summary>What is known of a candidate, and what follows from its price; nothing is trained for it.</summary>
/// <param name="Key">The candidate's key.</param>
/// <param name="Trial">Its first ordinal in the journal, or null when the study never asked for it.</param>
/// <param name="Standing">One of on-front, dominated, rejected, failed, not-asked.</param>
/// <param name="Reason">The constraint it breaks or the error it ended with; null for a candidate in good standing.</param>
/// <param name="Priced">The quote of each device of the study, costs by operation included.</param>
/// <param name="Dominators">Members of the front that are at least as good in everything, by the values of the search.</param>
/// <param name="Chosen">Whether finishing exported it.</param>
public sealed record Explanation(
    string Key, Trial? Trial, string Standing, string? Reason, ValueList<DevicePrice> Priced, ValueList<FrontMember> Dominators, ValueList<Objective> Objectives, bool Chosen = false);

/// <summary>A device's quote.</summary>
public sealed record DevicePrice(string Device, Quote Quote);
