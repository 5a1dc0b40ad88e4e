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
                $"search.algorithm: expected one of {string.Join(", ", Names)}, got '{algorithm}'{(Nearest.Of(algorithm, Names) is { } near ? $"; did you mean '{near}'?" : "")}"),
        };
}
