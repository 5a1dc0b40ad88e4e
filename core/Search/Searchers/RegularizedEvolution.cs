using Hone.Model;

namespace Hone.Search;

/// <summary>
/// Regularised (aging) evolution of Real et al., "Regularized evolution for image classifier architecture search", AAAI 2019: the population is the
/// last evaluated trials; the best of a random sample is mutated in one gene; the oldest dies, however good. With several objectives "best" is
/// NSGA-II's comparison within the population (lower rank, then less crowded), which with one objective is the plain order.
/// </summary>
public sealed class RegularizedEvolution : DrawingSearcher
{
    private readonly Variation _variation;
    private readonly int _population, _sample;
    private readonly Queue<(Candidate, double[])> _living = new();
    private RankedPopulation? _ranked;

    /// <param name="space">What may vary.</param>
    /// <param name="objectives">What is improved.</param>
    /// <param name="population">Trials that live; at least 2. A quarter of it (at least 2) is sampled: the paper's 25 of 100.</param>
    /// <param name="seed">The study's seed.</param>
    /// <param name="warmStarts">Keys of the first ordinals.</param>
    public RegularizedEvolution(SearchSpace space, ValueList<Objective> objectives, int population, ulong seed, ValueList<string> warmStarts = default)
        : base(space, objectives, seed, warmStarts)
    {
        if (population < 2) throw new SpecException($"evolution: expected a population of at least 2, got {population}");
        (_population, _sample, _variation) = (population, Math.Max(2, population / 4), new Variation(space));
    }

    /// <inheritdoc/>
    protected override Candidate Draw(Chance chance)
    {
        if (_living.Count < _population) return Space.Sample(chance);
        _ranked ??= new RankedPopulation(_living, M);
        int best = chance.Next(_ranked.Count);
        for (int i = 1; i < _sample; i++) best = _ranked.Better(best, chance.Next(_ranked.Count));
        return _variation.MutateOne(_ranked[best], chance);
    }

    /// <inheritdoc/>
    protected override void Learn(Candidate candidate, int? fidelity, double[] losses)
    {
        _living.Enqueue((candidate, losses));
        if (_living.Count > _population) _living.Dequeue();
        _ranked = null;
    }
}
