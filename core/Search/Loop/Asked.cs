using Hone.Model;

namespace Hone.Search;

/// <summary>An ordinal with its candidate.</summary>
/// <param name="Ordinal">0, 1, 2...</param>
/// <param name="Candidate">What is to be priced and evaluated.</param>
/// <param name="DuplicateOf">The first ordinal with this candidate: the loop has answered, nothing is to be done. Null: report its outcome.</param>
/// <param name="RetryOf">The failed ordinal whose candidate is asked for once more; null: the searcher's own.</param>
public sealed record Asked(int Ordinal, Candidate Candidate, int? DuplicateOf, int? RetryOf = null);
