namespace Hone.Model;

/// <summary>What a searcher asks for: a candidate, and how far it is to be trained.</summary>
/// <param name="Candidate">Of the study's space.</param>
/// <param name="Fidelity">The rung of <see cref="Rungs"/>; null where the searcher has none: then every candidate is evaluated in full.</param>
public sealed record Suggestion(Candidate Candidate, int? Fidelity = null);
