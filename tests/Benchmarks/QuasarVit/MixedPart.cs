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

    public EvidencePart Part => new("mixed", "Row-wise mixed against fixed and layer-wise bits, evolution against random", new(() => Units().ToValueList()), Rows, Notes());

    /// <summary>All arms of one search seed on one supernet.</summary>
    public Unit Search(Pictures pictures, ulong supernetSeed, int searchSeed)
    {
        Unit supernet = SupernetUnits.Of(pictures, scale, supernetSeed);
        var inputs = new JsonObject
        {
            ["revision"] = Recipe.Revision, ["device"] = Pricer.Version, ["limitMs"] = scale.LatencyLimitMs, ["trials"] = scale.Trials, ["population"] = scale.Population,
            ["window"] = scale.Window, ["searchImages"] = scale.SearchImages, ["scoreImages"] = scale.ScoreImages, ["seed"] = searchSeed,
            ["arms"] = new JsonArray([.. Arm.All.Select(a => (JsonNode)$"{a.Name} {a.Algorithm} {a.RowRatios}")]),
        };
        var cost = new Cost(0, (double)Arm.All.Count * (scale.Trials * scale.SearchImages + scale.FrontMembers * scale.ScoreImages));
        return new Unit($"search/{pictures.Name}/{supernetSeed}/{searchSeed:00}", inputs, cost, [supernet], run =>
        {
            using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(run.Blob(supernet), 1);
            var search = new ArmSearch(evaluator, scale.Recipe.Config(pictures, supernetSeed), scale,
                pictures.Search(scale, supernetSeed), pictures.Score(scale, supernetSeed, scale.ScoreImages));
            var found = new JsonObject();
            foreach (Arm arm in Arm.All.AsEnumerable())
            {
                var (front, evaluated, rejected) = search.Run(arm, (ulong)searchSeed, run.Cancel);
                found[arm.Name] = new JsonObject
                {
                    ["evaluated"] = evaluated, ["rejected"] = rejected,
                    ["front"] = new JsonArray([.. front.Select(m => (JsonNode)new JsonArray(m.Key, m.LatencyMs, m.SearchRight, m.ScoreRight))]),
                };
            }
            return new UnitResult(found);
        });
    }

    /// <summary>The front that an arm drew.</summary>
    public static List<Member> Front(JsonObject found, Arm arm) =>
        [.. found[arm.Name]!["front"]!.AsArray().Select(m => new Member((string)m![0]!, (double)m[1]!, (int)m[2]!, (int)m[3]!))];

    private IEnumerable<Unit> Units() =>
        from pictures in Pictures.Headline from supernet in scale.SupernetSeeds from search in Enumerable.Range(1, scale.SearchSeeds) select Search(pictures, supernet, search);

    private IEnumerable<EvidenceRow> Rows(Findings findings)
    {
        foreach (Pictures pictures in Pictures.Headline.AsEnumerable())
        {
            Estimate Over(Func<JsonObject, double> value) => PairedBootstrap.Of(
                [.. scale.SupernetSeeds.Select(s => Enumerable.Range(1, scale.SearchSeeds).Select(i => value(findings[Search(pictures, s, i)])).ToArray())], seed: 1);
            double Points(JsonObject found, Arm arm) => FrontQuality.Points(Front(found, arm), scale.ScoreImages, Reference(pictures), scale.LatencyLimitMs);
            double At(JsonObject found, Arm arm, double target) =>
                FrontQuality.At(Front(found, arm), target) is { } m ? 100.0 * m.ScoreRight / scale.ScoreImages : Reference(pictures);

            foreach (Arm other in Arm.All.Skip(1))
            {
                string statement = $"{Arm.Mixed.Name} minus {other.Name}";
                yield return new(pictures.Name, statement, "hypervolume, points", Origin.Modelled, Over(f => Points(f, Arm.Mixed) - Points(f, other)), true, Margin);
                foreach (double target in scale.TargetsMs.AsEnumerable())
                    yield return new(pictures.Name, statement, $"accuracy at {Text(target)} ms, points", Origin.Trained, Over(f => At(f, Arm.Mixed, target) - At(f, other, target)), true, Margin);
            }
            foreach (Arm arm in Arm.All.AsEnumerable())
            {
                int[] evaluated = [.. Units().Where(u => u.Id.StartsWith($"search/{pictures.Name}/", StringComparison.Ordinal)).Select(u => (int)findings[u][arm.Name]!["evaluated"]!)];
                string note = evaluated.Min() < scale.Trials ? $"one search evaluated only {evaluated.Min()} of {scale.Trials}: its space is used up" : "";
                yield return new(pictures.Name, arm.Name, "hypervolume, points", Origin.Modelled, Over(f => Points(f, arm)), Note: note);
                foreach (double target in scale.TargetsMs.AsEnumerable())
                {
                    int none = Units().Count(u => u.Id.StartsWith($"search/{pictures.Name}/", StringComparison.Ordinal) && FrontQuality.At(Front(findings[u], arm), target) is null);
                    yield return new(pictures.Name, arm.Name, $"accuracy at {Text(target)} ms, %", Origin.Trained, Over(f => At(f, arm, target)), Note: none > 0 ? $"{none} searches have no net as fast" : "");
                }
                yield return new(pictures.Name, arm.Name, "fastest member, ms", Origin.Modelled, Over(f => Front(f, arm).Count > 0 ? Front(f, arm).Min(m => m.LatencyMs) : scale.LatencyLimitMs));
            }
            yield return new(pictures.Name, "all arms of a search seed", "time, s", Origin.Measured, PairedBootstrap.Of(
                [.. scale.SupernetSeeds.Select(s => Enumerable.Range(1, scale.SearchSeeds).Select(i => findings.Seconds(Search(pictures, s, i))).ToArray())], seed: 1));
        }
    }

    private ValueList<string> Notes() =>
    [
        $"Latency is modelled ({Pricer.Version}), at most {Text(scale.LatencyLimitMs)} ms; {scale.Trials} evaluated candidates per search on {scale.SearchImages} validation images; fronts are scored on {scale.ScoreImages} others.",
        $"Hypervolume over the latency limit, in points of accuracy above {string.Join(", ", Pictures.Headline.Select(p => $"{Reference(p):F0} % on {p.Name}"))}; a front without a net at a latency counts as that accuracy there. "
            + "Accuracies at a latency are those of the member that the search images preferred, so no winner's curse is in them; a hypervolume takes the best of its few rescored members, alike for all arms.",
        $"Intervals: {scale.SupernetSeeds.Count} supernets resampled, then {scale.SearchSeeds} search seeds inside. With three supernets this interval is too narrow when supernets differ (core/Search/README.md); Student's over the supernets stands beside it.",
        .. Pictures.Headline.Contains(Pictures.FashionClutter) ? Array.Empty<string>() : ["fashion-clutter is not in this build's catalog of data sets: left out."],
    ];

    private double Reference(Pictures pictures) => scale.Reference ?? pictures.Reference;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
