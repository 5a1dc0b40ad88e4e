using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>The headline: mixed rows against fixed and layer-wise bits, and evolution against random search, on the same supernets with the same evaluations.</summary>
internal sealed class MixedPart(Scale scale)
{
    private const double Margin = 0.5;   // points: the method sheet claims a gain from 0.5 on, so less than it is a tie

    /// <summary>A line of the table, read from the fronts that the arms of one search drew, fastest members first.</summary>
    private sealed record Figure(string Statement, string Metric, Origin Origin, bool Compares, Func<Func<Arm, IReadOnlyList<Scored>>, double> Of);

    public EvidencePart Part => new("mixed", "Row-wise mixed against fixed and layer-wise bits, evolution against random", new(() => Units().ToValueList()), Rows, Notes());

    /// <summary>All arms of one search seed on one supernet.</summary>
    public Unit Search(Pictures pictures, ulong supernetSeed, int searchSeed)
    {
        Unit supernet = SupernetUnits.Of(pictures, scale, supernetSeed);
        QuasarVitConfig config = scale.Recipe.Config(pictures, supernetSeed);
        ulong seed = 1_000 * supernetSeed + (ulong)searchSeed;   // no two searches share their draws
        var inputs = new JsonObject
        {
            ["revision"] = Recipe.Revision, ["device"] = Pricer.Version, ["prices"] = Pricer.Prices(config), ["limitMs"] = scale.LatencyLimitMs, ["trials"] = scale.Trials,
            ["population"] = scale.Population, ["window"] = scale.Window, ["searchImages"] = scale.SearchImages, ["scoreImages"] = scale.ScoreImages, ["seed"] = seed,
            ["arms"] = new JsonArray([.. Arm.All.Select(a => (JsonNode)$"{a.Name} {a.Algorithm} {a.RowRatios}")]),
        };
        var cost = new Cost(0, (double)Arm.All.Count * (scale.Trials * scale.SearchImages + scale.FrontMembers * scale.ScoreImages));
        return new Unit($"search/{pictures.Name}/{supernetSeed}/{searchSeed:00}", inputs, cost, [supernet], run =>
        {
            using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(run.Blob(supernet), 1);
            var search = new ArmSearch(evaluator, config, scale, pictures.Search(scale, supernetSeed), pictures.Score(scale, supernetSeed, scale.ScoreImages));
            var found = new JsonObject();
            foreach (Arm arm in Arm.All.AsEnumerable())
            {
                var (front, evaluated, rejected) = search.Run(arm, seed, run.Cancel);
                found[arm.Name] = new JsonObject
                {
                    ["evaluated"] = evaluated, ["rejected"] = rejected,
                    ["front"] = new JsonArray([.. front.Select(m => (JsonNode)new JsonArray(m.Key, m.LatencyMs, m.SearchRight, m.ScoreBits))]),
                };
            }
            return new UnitResult(found);
        });
    }

    /// <summary>The front that an arm drew.</summary>
    public static List<Member> Front(JsonObject found, Arm arm) =>
        [.. found[arm.Name]!["front"]!.AsArray().Select(m => new Member((string)m![0]!, (double)m[1]!, (int)m[2]!, (string)m[3]!))];

    /// <summary>The key of the member that the search images prefer at a latency, or null when none is as fast.</summary>
    public static string? KeyAt(JsonObject found, Arm arm, double targetMs)
    {
        List<Member> front = Front(found, arm);
        return FrontQuality.At([.. front.Select(m => new Scored(m.LatencyMs, m.SearchRight, 0))], targetMs) is { } best
            ? front.First(m => m.LatencyMs == best.LatencyMs && m.SearchRight == best.SearchRight).Key : null;
    }

    private IEnumerable<Unit> Units() => Pictures.Headline.AsEnumerable().SelectMany(Units);

    private IEnumerable<Unit> Units(Pictures pictures) =>
        from supernet in scale.SupernetSeeds.AsEnumerable() from search in Enumerable.Range(1, scale.SearchSeeds) select Search(pictures, supernet, search);

    private IEnumerable<EvidenceRow> Rows(Findings findings) => Pictures.Headline.AsEnumerable().SelectMany(pictures => Rows(pictures, findings));

    private IEnumerable<EvidenceRow> Rows(Pictures pictures, Findings findings)
    {
        // (supernets)(searches)(arms): members; and the same flattened over arms, (supernets)(searches)(members)(images)
        List<Member>[][][] fronts = [.. scale.SupernetSeeds.Select(s => Enumerable.Range(1, scale.SearchSeeds)
            .Select(i => findings[Search(pictures, s, i)]).Select(found => Arm.All.Select(arm => Front(found, arm)).ToArray()).ToArray())];
        float[][][][] right = [.. fronts.Select(s => s.Select(arms => arms.SelectMany(a => a).Select(m => CrossedBootstrap.Right(m.ScoreBits, scale.ScoreImages)).ToArray()).ToArray())];
        Figure[] figures = [.. Figures(pictures)];
        Estimate?[] estimates = CrossedBootstrap.Of(right, (s, i, accuracies) =>
        {
            List<Member>[] arms = fronts[s][i];
            IReadOnlyList<Scored> Of(Arm arm)
            {
                int a = Enumerable.Range(0, Arm.All.Count).First(k => Arm.All[k] == arm), from = arms.Take(a).Sum(f => f.Count);
                return [.. arms[a].Select((m, k) => new Scored(m.LatencyMs, m.SearchRight, accuracies[from + k]))];
            }
            Dictionary<Arm, IReadOnlyList<Scored>> scored = Arm.All.AsEnumerable().ToDictionary(a => a, Of);
            return [.. figures.Select(f => f.Of(a => scored[a]))];
        }, seed: 1);
        int whole = scale.SupernetSeeds.Count * scale.SearchSeeds;
        foreach (var (figure, estimate) in figures.Zip(estimates))
            if (estimate is not null)
                yield return new(pictures.Name, figure.Statement, figure.Metric, figure.Origin, estimate, figure.Compares, figure.Compares ? Margin : null,
                    estimate.Count < whole ? $"{whole - estimate.Count} of {whole} searches have no net as fast" : "");
        foreach (Arm arm in Arm.All.AsEnumerable())
            if (Units(pictures).Min(u => (int)findings[u][arm.Name]!["evaluated"]!) is var least && least < scale.Trials)
                yield return new(pictures.Name, arm.Name, "evaluated candidates, the fewest", Origin.Trained, new Estimate(least, least, least, whole, scale.SupernetSeeds.Count), Note: "its space is used up");
        yield return new(pictures.Name, "all arms of a search seed", "time, s", Origin.Measured, PairedBootstrap.Of(
            [.. scale.SupernetSeeds.Select(s => Enumerable.Range(1, scale.SearchSeeds).Select(i => findings.Seconds(Search(pictures, s, i))).ToArray())], seed: 1));
    }

    private IEnumerable<Figure> Figures(Pictures pictures)
    {
        double from = Pricer.LatencyMs(QuasarVitGenome.Smallest(pictures.Config), pictures.Config)!.Value;
        double Points(IReadOnlyList<Scored> front) => FrontQuality.Points(front, Reference(pictures), from, scale.LatencyLimitMs);
        static double At(IReadOnlyList<Scored> front, double target) => FrontQuality.At(front, target)?.Accuracy ?? double.NaN;
        foreach (Arm other in Arm.All.Skip(1))
        {
            string statement = $"{Arm.Mixed.Name} minus {other.Name}";
            yield return new(statement, "hypervolume, points", Origin.Modelled, true, of => Points(of(Arm.Mixed)) - Points(of(other)));
            foreach (double target in scale.TargetsMs.AsEnumerable())
                yield return new(statement, $"accuracy at {Text(target)} ms, points", Origin.Trained, true, of => At(of(Arm.Mixed), target) - At(of(other), target));
        }
        foreach (Arm arm in Arm.All.AsEnumerable())
        {
            yield return new(arm.Name, "hypervolume, points", Origin.Modelled, false, of => Points(of(arm)));
            foreach (double target in scale.TargetsMs.AsEnumerable())
                yield return new(arm.Name, $"accuracy at {Text(target)} ms, %", Origin.Trained, false, of => At(of(arm), target));
            yield return new(arm.Name, "fastest member, ms", Origin.Modelled, false, of => of(arm).Count > 0 ? of(arm).Min(m => m.LatencyMs) : double.NaN);
        }
    }

    private ValueList<string> Notes() =>
    [
        $"Latency is modelled ({Pricer.Version}), at most {Text(scale.LatencyLimitMs)} ms (chosen after a run of before had shown accuracy to be nearly flat above it); "
            + $"{scale.Trials} evaluated candidates per search on {scale.SearchImages} validation images, where one candidate's standard error is about {Text(Math.Round(100 * Math.Sqrt(0.82 * 0.18 / scale.SearchImages), 1))} points; fronts are scored on {scale.ScoreImages} others. "
            + "So few and so coarse evaluations favour nobody, but they bound what can be resolved.",
        $"Hypervolume: the mean over all latencies from the fastest net of the space to the limit of how far the member that the search images prefer lies above "
            + $"{string.Join(", ", Pictures.Headline.Select(p => $"{Reference(p):F0} % on {p.Name}"))}; 0 where a front has none as fast, so an arm that cannot go as low loses all of that stretch. Accuracies at a latency compare the searches where both sides have a net.",
        $"Weights are inherited; fine-tuned winners of every arm stand in the part on ablations. Intervals: supernets resampled, inside each its score images and its {scale.SearchSeeds} searches; beside it "
            + "Student's over the supernets' means. A verdict must hold by both.",
    ];

    private double Reference(Pictures pictures) => scale.Reference ?? pictures.Reference;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
