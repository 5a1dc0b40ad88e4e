using Hone.Model;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>A random net within the latency limit.</summary>
internal sealed record RandomNet(string Key, QuasarVitGenome Genome, double LatencyMs, long Macs);

/// <summary>Seeded draws from the space, uniform over genes, that keep the latency limit.</summary>
internal static class RandomNets
{
    private const int Draws = 2_000;
    private const ulong Seed = 20_240_718;   // apart from the seeds of supernets and searches

    /// <summary>The first nets that are fast enough.</summary>
    public static List<RandomNet> Some(QuasarVitConfig config, double limitMs, int count)
    {
        SearchSpace space = QuasarVitSpace.Build(config);
        var nets = new List<RandomNet>();
        for (uint i = 0; i < Draws && nets.Count < count; i++)
        {
            Candidate candidate = space.Sample(new Chance(Seed, Streams.Sampling, i));
            QuasarVitGenome genome = QuasarVitGenome.From(candidate);
            if (Pricer.LatencyMs(genome, config) is { } ms && ms <= limitMs)
                nets.Add(new RandomNet(candidate.Key, genome, ms, QuasarVitWorkload.Macs(QuasarVitWorkload.Lower(genome, config))));
        }
        return nets;
    }

    /// <summary>One net out of each of as many equally filled latency strata, the fastest first.</summary>
    /// <exception cref="HoneException">Too few random nets keep the limit.</exception>
    public static List<RandomNet> Stratified(QuasarVitConfig config, double limitMs, int count)
    {
        List<RandomNet> all = [.. Some(config, limitMs, Draws).OrderBy(n => n.LatencyMs).ThenBy(n => n.Key, StringComparer.Ordinal)];
        if (all.Count < count) throw new HoneException($"expected at least {count} of {Draws} random nets within {limitMs} ms, got {all.Count}: raise the latency limit");
        var chance = new Chance(Seed, Streams.Sampling, Draws);
        return [.. Enumerable.Range(0, count).Select(s =>
        {
            int from = s * all.Count / count, to = (s + 1) * all.Count / count;
            return all[from + chance.Next(to - from)];
        })];
    }
}
