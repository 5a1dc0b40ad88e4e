using Hone.Model;

namespace Hone.Search;

/// <summary>
/// Asynchronous successive halving, ASHA: Li, Jamieson, Rostamizadeh, Gonina, Ben-tzur, Hardt, Recht, Talwalkar, "A system for massively parallel hyperparameter tuning", MLSys 2020,
/// arXiv 1810.05934, algorithm 2 with s = 0. Its get_job is Ask. With n_k the evaluated trials of rung k that were told:
/// <code>
/// for k = rungs-2 down to 0:
///     top = the best floor(n_k / eta) of rung k
///     if fewer than floor(n_k / eta) of rung k were promoted so far, and one of top was not: ask the best such on rung k+1
/// else: ask a new candidate on rung 0
/// </code>
/// A candidate is promoted once; a promotion that is rejected or fails is not tried again.
/// </summary>
/// <remarks>
/// Deviations from the paper.
/// (1) "Best" is NSGA-II's comparison within the rung: lower Pareto rank, then the less crowded, then the lower ordinal; with one objective that is the paper's order of losses. ASHA has
/// been extended to several objectives by non-dominated sorting before: Schmucker, Donini, Zafar, Salinas, Archambeau 2021, arXiv 2106.12639.
/// (2) A rung promotes floor(n_k / eta) in all. The paper's promotes whatever is among the best when it is asked; of equal draws few take the place of one that has been promoted. Here
/// the best part changes without end, as better children come and crowding shifts, and half of each rung would go up (measured in the README).
/// (3) What has finished is what the window has told, the outcomes up to W before the ordinal: promotions are those of the seed and the outcomes, whoever is fast.
/// (4) New candidates are uniform draws, as in the paper, only until some rung holds a population; from then on they are NSGA-II's children of the best population of the highest rung that
/// holds one, the rule by which BOHB chooses the rung that its model is fitted to (Falkner, Klein, Hutter, ICML 2018: the highest budget with enough observations).
/// (5) A promoted candidate is trained anew at its share of the training. The paper goes on from the rung below, which equals that only where the share changes nothing in the schedule.
/// Ranking a rung of n costs O(n log n) for every trial that comes to it, which is nothing beside trials that train.
/// </remarks>
public sealed class SuccessiveHalving : DrawingSearcher
{
    private readonly Rung[] _rungs;   // (rungs)
    private readonly Variation _variation;
    private readonly int _eta, _population;
    private RankedPopulation? _parents;

    /// <param name="space">What may vary.</param>
    /// <param name="objectives">What is improved.</param>
    /// <param name="rungs">How many, and eta.</param>
    /// <param name="population">Trials that a rung must hold before new candidates descend from its best so many; at least 2.</param>
    /// <param name="seed">The study's seed.</param>
    /// <param name="warmStarts">Keys of the first ordinals, on rung 0.</param>
    public SuccessiveHalving(SearchSpace space, ValueList<Objective> objectives, Rungs rungs, int population, ulong seed, ValueList<string> warmStarts = default)
        : base(space, objectives, seed, warmStarts)
    {
        if (rungs.Count is < 2 or > Rungs.MostCount) throw new SpecException($"search.rungs: expected 2 to {Rungs.MostCount}, got {rungs.Count}");
        if (rungs.Eta is < 2 or > Rungs.MostEta) throw new SpecException($"search.eta: expected 2 to {Rungs.MostEta}, got {rungs.Eta}");
        if (population < 2) throw new SpecException($"halving: expected a population of at least 2, got {population}");
        (_eta, _population, _variation) = (rungs.Eta, population, new Variation(space));
        _rungs = new Rung[rungs.Count];
        for (int k = 0; k < _rungs.Length; k++) _rungs[k] = new Rung(M);
    }

    /// <inheritdoc/>
    protected override int? Lowest => 0;

    /// <inheritdoc/>
    protected override Suggestion? Promote()
    {
        for (int k = _rungs.Length - 2; k >= 0; k--)
            if (_rungs[k].Promote(_eta) is { } candidate) return new Suggestion(candidate, k + 1);
        return null;
    }

    /// <inheritdoc/>
    protected override Candidate Draw(Chance chance)
    {
        if (_parents is null && Array.FindLast(_rungs, r => r.Count >= _population) is { } rung) _parents = new RankedPopulation(rung.Ranked.Best(_population), M);
        return _parents is null ? Space.Sample(chance) : _variation.Child(_parents, chance);
    }

    /// <inheritdoc/>
    protected override void Learn(Candidate candidate, int? fidelity, double[] losses)
    {
        _rungs[fidelity!.Value].Add(candidate, losses);
        _parents = null;
    }

    /// <summary>The evaluated trials of a rung in the order told, which of them were promoted, and their order, made when it is needed.</summary>
    private sealed class Rung(int m)
    {
        private readonly List<(Candidate Candidate, double[] Losses)> _told = [];
        private readonly List<bool> _promoted = [];   // (_told)
        private int _promotions;
        private RankedPopulation? _ranked;
        private int[]? _bestFirst;

        public int Count => _told.Count;

        public RankedPopulation Ranked => _ranked ??= new RankedPopulation(_told, m);

        public void Add(Candidate candidate, double[] losses)
        {
            _told.Add((candidate, losses));
            _promoted.Add(false);
            (_ranked, _bestFirst) = (null, null);
        }

        /// <summary>The best of the best 1/eta that was not promoted; it is now. Null: there is none.</summary>
        public Candidate? Promote(int eta)
        {
            int top = Count / eta;
            if (_promotions >= top) return null;
            _bestFirst ??= Ranked.BestFirst();
            for (int i = 0; i < top; i++)
            {
                int member = _bestFirst[i];
                if (_promoted[member]) continue;
                _promoted[member] = true;
                _promotions++;
                return _told[member].Candidate;
            }
            return null;
        }
    }
}
