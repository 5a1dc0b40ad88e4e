using System.Text.Json;
using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

/// <summary>Small problems, and drivers that bring outcomes at any speed.</summary>
internal static class Problems
{
    public static ValueList<Objective> Objectives(int m) =>
        Enumerable.Range(0, m).Select(k => new Objective($"f{k}", k == 1 ? Direction.Maximize : Direction.Minimize, "1")).ToValueList();

    /// <summary>12 genes: a depth that switches blocks on, and blocks of three.</summary>
    public static SearchSpace Space { get; } = new([
        Gene.Of("depth", 1, 2, 3), Gene.Of("width", 8, 16, 24, 32), new Gene("act", ["relu", "gelu"]),
        .. Enumerable.Range(0, 3).SelectMany(b => ((string[])["h", "r", "k"]).Select(name =>
            Gene.Of($"b{b}.{name}", 1, 2, 3, 4) with { Block = $"b{b}", When = b == 0 ? null : new Activation("depth", b) }))]);

    public static SearchSpace Tiny(int size) => new(new Gene("x", Enumerable.Range(0, size).Select(i => $"{i}").ToValueList()));

    public static Outcome.Evaluated Values(params double[] values) =>
        new(values.Select((v, k) => new Measurement($"f{k}", v, "1", Origin.Simulated)).ToValueList());

    /// <summary>A number in [0, 1) that depends on the key and a salt alone.</summary>
    public static double Hash(string key, uint salt)
    {
        ulong hash = 14695981039346656037;   // FNV-1a
        foreach (char c in key) hash = (hash ^ c) * 1099511628211;
        return new Chance(hash, salt).NextDouble();
    }

    public static Outcome Smooth(Candidate candidate, int m)
    {
        double size = 0;
        foreach (int choice in candidate.Choices) size += choice;
        return Values([.. ((double[])[size + Hash(candidate.Key, 1), size * size / 30 - Math.Abs(candidate.Choices[3] - 2), Hash(candidate.Key, 2)]).Take(m)]);
    }

    /// <summary>Evaluated, rejected and failed in the proportions 6 : 3 : 1.</summary>
    public static Outcome Mixed(Candidate candidate, int m = 2) => Hash(candidate.Key, 9) switch
    {
        < 0.6 => Smooth(candidate, m),
        < 0.9 => new Outcome.Rejected(new Rejection("dsp", "DSP 120 % of toy")),
        _ => new Outcome.Failed("diverged", "loss is NaN"),
    };

    /// <summary>Hands out to so many workers, lets them finish in random order and commits at random times.</summary>
    public static List<Trial> Drive(SearchLoop loop, Func<Candidate, Outcome> evaluate, Chance speed, int workers, int stopAt = int.MaxValue)
    {
        var journal = new List<Trial>();
        var open = loop.Open().ToList();
        for (int step = 0; step < 1_000_000 && loop.Stop is null && journal.Count < stopAt; step++)
        {
            if (open.Count < workers && speed.Happens(0.6) && loop.TryAsk(out Asked? asked))
            {
                if (asked.DuplicateOf is null) open.Add(asked);
            }
            else if (open.Count > 0 && speed.Happens(0.7))
            {
                int which = speed.Next(open.Count);
                Assert.True(loop.Report(open[which].Ordinal, evaluate(open[which].Candidate)));
                open.RemoveAt(which);
            }
            if (speed.Happens(0.5)) journal.AddRange(loop.Commit());
        }
        return journal;
    }

    /// <summary>One line per trial, as a journal would hold it.</summary>
    public static string Text(IEnumerable<Trial> trials) => string.Concat(trials.Select(t => JsonSerializer.Serialize(t) + "\n"));

    public static SearchLoop Loop(string algorithm, int window, int budget, ulong seed = 1, SearchSpace? space = null, int m = 2, int population = 8) =>
        new(Searcher(algorithm, space ?? Space, m, population, seed), Objectives(m), window, budget);

    /// <summary>A searcher of the catalog that has asked nothing yet; one with rungs has the default ones.</summary>
    public static ISearcher Searcher(string algorithm, SearchSpace space, int m, int population, ulong seed, ValueList<string> warmStarts = default) =>
        SearcherCatalog.Create(new SearchSpec(algorithm, population, 0), space, Objectives(m), seed, warmStarts);
}
