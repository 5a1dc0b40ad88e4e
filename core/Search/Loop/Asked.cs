using Hone.Model;

namespace Hone.Search;

/// <summary>An ordinal with its candidate.</summary>
/// <param name="Ordinal">0, 1, 2...</param>
/// <param name="Candidate">What is to be priced and evaluated.</param>
/// <param name="DuplicateOf">The first ordinal with this candidate at this fidelity: the loop has answered, nothing is to be done. Null: report its outcome.</param>
/// <param name="RetryOf">The failed ordinal whose candidate is asked for once more; null: the searcher's own.</param>
/// <param name="Fidelity">The rung on which it is to be evaluated; null: in full.</param>
public sealed record Asked(int Ordinal, Candidate Candidate, int? DuplicateOf, int? RetryOf = null, int? Fidelity = null);
