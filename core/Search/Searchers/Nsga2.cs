using Hone.Model;

namespace Hone.Search;

/// <summary>
/// NSGA-II (Deb, Pratap, Agarwal, Meyarivan, IEEE TEC 2002) in rolling generations: children are asked for without a pause; once as many evaluated
/// children as the population holds were told, the best of parents and children by rank and crowding become the next parents. Children in flight then
/// count for the next generation. Random until a first population has been evaluated.
/// </summary>
public sealed class Nsga2 : DrawingSearcher
{
    private readonly Variation _variation;
    private readonly int _population;
    private readonly List<(Candidate, double[])> _pool = [];   // parents, then the children told since
    private RankedPopulation? _parents;

    /// <param name="space">What may vary.</param>
    /// <param name="objectives">What is improved.</param>
    /// <param name="population">Parents kept; at least 2.</param>
    /// <param name="seed">The study's seed.</param>
    /// <param name="warmStarts">Keys of the first ordinals.</param>
    public Nsga2(SearchSpace space, ValueList<Objective> objectives, int population, ulong seed, ValueList<string> warmStarts = default)
        : base(space, objectives, seed, warmStarts)
    {
        if (population < 2) throw new SpecException($"nsga2: expected a population of at least 2, got {population}");
        (_population, _variation) = (population, new Variation(space));
    }

    /// <inheritdoc/>
    protected override Candidate Draw(Chance chance) => _parents is null ? Space.Sample(chance) : _variation.Child(_parents, chance);

    /// <inheritdoc/>
    protected override void Learn(Candidate candidate, int? fidelity, double[] losses)
    {
        _pool.Add((candidate, losses));
        if (_pool.Count < (_parents is null ? _population : 2 * _population)) return;
        var best = new RankedPopulation(_pool, M).Best(_population);
        _pool.Clear();
        _pool.AddRange(best);
        _parents = new RankedPopulation(best, M);
    }
}
