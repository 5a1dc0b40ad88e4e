using Hone.Model;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>A member of the front that a search drew: chosen on the search images, scored on others.</summary>
/// <param name="Key">In the space of all row ratios.</param>
/// <param name="ScoreBits">Which of the score images it gets right (<see cref="NetUnits.Bits"/>).</param>
internal sealed record Member(string Key, double LatencyMs, int SearchRight, string ScoreBits);

/// <summary>
/// One search of one arm on one supernet: every arm evaluates the same number of candidates on the same images; rejected ones cost nothing. Answers are
/// remembered over the arms of a seed, which changes no result.
/// </summary>
internal sealed class ArmSearch(QuasarVitEvaluator evaluator, QuasarVitConfig config, Scale scale, ImageSet search, ImageSet score)
{
    private readonly Dictionary<string, int> _searchRight = [];
    private readonly Dictionary<string, string> _scoreBits = [];

    /// <summary>The front, fastest first, and how many candidates were evaluated and rejected.</summary>
    public (List<Member> Front, int Evaluated, int Rejected) Run(Arm arm, ulong seed, CancellationToken cancel)
    {
        SearchSpace space = arm.Space(config);
        var loop = new SearchLoop(SearcherCatalog.Create(new SearchSpec(arm.Algorithm, scale.Population, scale.Window), space, Arm.Objectives, seed), Arm.Objectives, scale.Window, scale.Trials);
        var archive = new ParetoArchive(2);
        var evaluated = new List<Candidate>();
        foreach (Trial trial in loop.Run(asked => Evaluate(asked.Candidate, cancel)))
        {
            if (trial.Outcome is not Outcome.Evaluated) continue;
            archive.Add(Losses.Of(trial, Arm.Objectives), evaluated.Count);
            evaluated.Add(space.Parse(trial.Key));
        }
        var front = new List<Member>();
        foreach (int i in archive.Members().Tags)
        {
            cancel.ThrowIfCancellationRequested();
            QuasarVitGenome genome = QuasarVitGenome.From(evaluated[i]);
            string key = evaluated[i].Key;
            front.Add(new Member(key, Pricer.LatencyMs(genome, config)!.Value, _searchRight[key], Bits(key, genome)));
        }
        front.Sort((a, b) => a.LatencyMs.CompareTo(b.LatencyMs));
        return (front, loop.Evaluated, loop.Rejected);
    }

    private Outcome Evaluate(Candidate candidate, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        QuasarVitGenome genome = QuasarVitGenome.From(candidate);
        if (Pricer.LatencyMs(genome, config) is not { } ms) return new Outcome.Rejected(new Rejection("device", "no engine fits"));
        if (ms > scale.LatencyLimitMs) return new Outcome.Rejected(new Rejection("latency_ms", $"{ms} ms > {scale.LatencyLimitMs} ms"));
        double accuracy = 100.0 * Right(candidate.Key, genome) / search.Count;
        return new Outcome.Evaluated([new Measurement("accuracy", accuracy, "%", Origin.Trained), new Measurement("latency_ms", ms, "ms", Origin.Modelled)]);
    }

    private int Right(string key, QuasarVitGenome genome)
    {
        if (!_searchRight.TryGetValue(key, out int right)) _searchRight[key] = right = evaluator.Evaluate(genome, search).Right;
        return right;
    }

    private string Bits(string key, QuasarVitGenome genome)
    {
        if (!_scoreBits.TryGetValue(key, out string? bits)) _scoreBits[key] = bits = NetUnits.Bits(evaluator.Evaluate(genome, score));
        return bits;
    }
}
