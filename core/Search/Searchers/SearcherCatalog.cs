using Hone.Model;

namespace Hone.Search;

/// <summary>Searchers by the names that study files use.</summary>
public static class SearcherCatalog
{
    /// <summary>The names, the default first.</summary>
    public static ValueList<string> Names { get; } = ["nsga2", "evolution", "random", SearchSpec.Halving];

    /// <summary>Makes a searcher that has asked nothing yet.</summary>
    /// <param name="search">Its algorithm is one of <see cref="Names"/>. Random search ignores the population; halving without rungs has <see cref="Rungs.Default"/>.</param>
    /// <param name="space">What may vary.</param>
    /// <param name="objectives">What is improved; at least one.</param>
    /// <param name="seed">The study's seed.</param>
    /// <param name="warmStarts">Keys of the first ordinals, asked as they stand.</param>
    /// <exception cref="SpecException">No such algorithm (the nearest name is told), or a wrong option.</exception>
    public static ISearcher Create(SearchSpec search, SearchSpace space, ValueList<Objective> objectives, ulong seed, ValueList<string> warmStarts = default) =>
        search.Algorithm switch
        {
            "nsga2" => new Nsga2(space, objectives, search.Population, seed, warmStarts),
            "evolution" => new RegularizedEvolution(space, objectives, search.Population, seed, warmStarts),
            "random" => new RandomSearch(space, objectives, seed, warmStarts),
            SearchSpec.Halving => new SuccessiveHalving(space, objectives, search.Rungs ?? Rungs.Default, search.Population, seed, warmStarts),
            _ => throw new SpecException(
                $"search.algorithm: expected one of {string.Join(", ", Names)}, got '{search.Algorithm}'{(Nearest.Of(search.Algorithm, Names) is { } near ? $"; did you mean '{near}'?" : "")}"),
        };
}
