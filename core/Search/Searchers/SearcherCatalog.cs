using Hone.Model;

namespace Hone.Search;

/// <summary>Searchers by the names that study files use.</summary>
public static class SearcherCatalog
{
    /// <summary>The names, the default first.</summary>
    public static ValueList<string> Names { get; } = ["nsga2", "evolution", "random"];

    /// <summary>Makes a searcher that has asked nothing yet.</summary>
    /// <param name="algorithm">One of <see cref="Names"/>.</param>
    /// <param name="space">What may vary.</param>
    /// <param name="objectives">What is improved; at least one.</param>
    /// <param name="population">Parents kept; random search ignores it.</param>
    /// <param name="seed">The study's seed.</param>
    /// <param name="warmStarts">Keys of the first ordinals, asked as they stand.</param>
    /// <exception cref="SpecException">No such algorithm (the nearest name is told), or a wrong option.</exception>
    public static ISearcher Create(
        string algorithm, SearchSpace space, ValueList<Objective> objectives, int population, ulong seed, ValueList<string> warmStarts = default) =>
        algorithm switch
        {
            "nsga2" => new Nsga2(space, objectives, population, seed, warmStarts),
            "evolution" => new RegularizedEvolution(space, objectives, population, seed, warmStarts),
            "random" => new RandomSearch(space, objectives, seed, warmStarts),
            _ => throw new SpecException(
                $"search.algorithm: expected one of {string.Join(", ", Names)}, got '{algorithm}'; did you mean '{Nearest(algorithm)}'?"),
        };

    private static string Nearest(string name)
    {
        string best = Names[0];
        foreach (string known in Names)
            if (Distance(name, known) < Distance(name, best)) best = known;
        return best;
    }

    /// <summary>Levenshtein's distance: insertions, deletions and changes.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = new int[b.Length + 1];
        for (int j = 0; j < row.Length; j++) row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
                (corner, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + (char.ToLowerInvariant(a[i - 1]) == b[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}
