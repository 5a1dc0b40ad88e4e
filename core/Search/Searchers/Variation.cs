using Hone.Model;

namespace Hone.Search;

/// <summary>
/// Children of candidates. Genes of one block stay together in crossover; a block that only one parent has comes from that one. A gene that becomes
/// active without an ancestor is drawn at random (Quasar-ViT: new blocks are random). A mutated gene takes one of its other choices.
/// </summary>
internal sealed class Variation
{
    private const double CrossoverProbability = 0.9;   // Deb 2002, section IV

    private readonly SearchSpace _space;
    private readonly int[] _units;       // (genes), the unit of crossover that a gene belongs to
    private readonly int[] _counts;      // (genes), choices
    private readonly double[] _rates;    // (genes), probability of mutation
    private readonly int _unitCount;

    public Variation(SearchSpace space)
    {
        int n = space.Genes.Count, variable = 0;
        (_space, _units, _counts, _rates) = (space, new int[n], new int[n], new double[n]);
        var blocks = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int g = 0; g < n; g++)
        {
            Gene gene = space.Genes[g];
            _counts[g] = gene.Choices.Count;
            if (_counts[g] > 1) variable++;
            if (gene.Block is null) _units[g] = _unitCount++;
            else if (!blocks.TryGetValue(gene.Block, out _units[g])) blocks[gene.Block] = _units[g] = _unitCount++;
        }
        for (int g = 0; g < n; g++)
            _rates[g] = _counts[g] > 1 ? space.Genes[g].Mutation ?? 1.0 / variable : 0;   // 1/n: Deb 2002, section IV
    }

    /// <summary>A child as NSGA-II makes it (Deb 2002): both parents by binary tournament, crossover or not, mutation.</summary>
    public Candidate Child(RankedPopulation parents, Chance chance)
    {
        Candidate mother = Tournament(), father = Tournament();
        return chance.Happens(CrossoverProbability) ? Cross(mother, father, chance, mutate: true) : Mutate(mother, chance);

        Candidate Tournament() => parents[parents.Better(chance.Next(parents.Count), chance.Next(parents.Count))];
    }

    /// <summary>Every unit from one of two parents by a fair coin.</summary>
    public Candidate Cross(Candidate a, Candidate b, Chance chance, bool mutate)
    {
        ReadOnlySpan<int> first = a.Choices, second = b.Choices;
        Span<bool> fromFirst = stackalloc bool[_unitCount];
        foreach (ref bool coin in fromFirst) coin = chance.Happens(0.5);
        Span<int> child = stackalloc int[_counts.Length];
        for (int g = 0; g < child.Length; g++)
        {
            bool inFirst = _space.IsActive(g, first), inSecond = _space.IsActive(g, second);
            bool takesFirst = inFirst && (fromFirst[_units[g]] || !inSecond);
            child[g] = takesFirst ? first[g] : second[g];
            Settle(child, g, inFirst || inSecond, mutate ? _rates[g] : 0, chance);
        }
        return _space.Canonical(child);
    }

    /// <summary>Every active gene changes with its own probability.</summary>
    public Candidate Mutate(Candidate parent, Chance chance)
    {
        Span<int> child = stackalloc int[_counts.Length];
        parent.Choices.CopyTo(child);
        for (int g = 0; g < child.Length; g++)
            Settle(child, g, _space.IsActive(g, parent.Choices), _rates[g], chance);
        return _space.Canonical(child);
    }

    /// <summary>Exactly one active gene changes, chosen with a chance proportional to its rate.</summary>
    public Candidate MutateOne(Candidate parent, Chance chance)
    {
        ReadOnlySpan<int> choices = parent.Choices;
        double total = 0;
        for (int g = 0; g < choices.Length; g++)
            if (_space.IsActive(g, choices)) total += _rates[g];
        double point = chance.NextDouble() * total;
        int changed = -1;
        for (int g = 0; g < choices.Length && point >= 0; g++)
        {
            if (_rates[g] == 0 || !_space.IsActive(g, choices)) continue;
            changed = g;
            point -= _rates[g];
        }
        Span<int> child = stackalloc int[_counts.Length];
        choices.CopyTo(child);
        for (int g = 0; g < child.Length; g++)
            Settle(child, g, _space.IsActive(g, choices), g == changed ? 1 : 0, chance);
        return _space.Canonical(child);
    }

    /// <summary>Makes a gene final; those before it are, so its own activity in the child is known.</summary>
    private void Settle(Span<int> child, int gene, bool inherited, double rate, Chance chance)
    {
        if (!_space.IsActive(gene, child)) child[gene] = 0;
        else if (!inherited) child[gene] = chance.Next(_counts[gene]);
        else if (rate > 0 && _counts[gene] > 1 && chance.Happens(rate))
        {
            int other = chance.Next(_counts[gene] - 1);
            child[gene] = other < child[gene] ? other : other + 1;
        }
    }
}
