using Hone.Model;

namespace Hone.Search;

/// <summary>Uniform draws, the baseline that every other searcher has to beat (Bergstra and Bengio, JMLR 2012).</summary>
public sealed class RandomSearch(SearchSpace space, ValueList<Objective> objectives, ulong seed, ValueList<string> warmStarts = default)
    : DrawingSearcher(space, objectives, seed, warmStarts)
{
    /// <inheritdoc/>
    protected override Candidate Draw(Chance chance) => Space.Sample(chance);

    /// <inheritdoc/>
    protected override void Learn(Candidate candidate, int? fidelity, double[] losses) { }
}
