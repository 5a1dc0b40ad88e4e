using Hone.Model;

namespace Hone.Search;

/// <summary>
/// NSGA-II (Deb, Pratap, Agarwal, Meyarivan, IEEE TEC 2002) in rolling generations: children are asked for without a pause; once as many evaluated
/// children as the population holds were told, the best of parents and children by rank and crowding become the next parents. Children in flight then
/// count for the next generation. Random until a first population has been evaluated.
/// </summary>
public sealed class Nsga2 : DrawingSearcher
{
    private const double CrossoverProbability = 0.9;   // Deb 2002, section IV

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
    protected override Candidate Draw(Chance chance)
    {
        if (_parents is null) return Space.Sample(chance);
        Candidate mother = Tournament(chance), father = Tournament(chance);
        return chance.Happens(CrossoverProbability) ? _variation.Cross(mother, father, chance, mutate: true) : _variation.Mutate(mother, chance);
    }

    /// <inheritdoc/>
    protected override void Learn(Candidate candidate, double[] losses)
    {
        _pool.Add((candidate, losses));
        if (_pool.Count < (_parents is null ? _population : 2 * _population)) return;
        var best = new RankedPopulation(_pool, M).Best(_population);
        _pool.Clear();
        _pool.AddRange(best);
        _parents = new RankedPopulation(best, M);
    }

    private Candidate Tournament(Chance chance) => _parents![_parents.Better(chance.Next(_parents.Count), chance.Next(_parents.Count))];
}
