using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>Whether inherited accuracy ranks nets as training them alone does, and better than counting their multiply-accumulates.</summary>
internal sealed class RankingPart(Scale scale)
{
    private const ulong AloneSeed = 101;   // no supernet's: neither first weights nor images are shared
    private readonly Pictures _pictures = Pictures.FashionMnist;
    private readonly Lazy<List<RandomNet>> _nets = new(() => RandomNets.Stratified(scale.Recipe.Config(Pictures.FashionMnist, 0), scale.LatencyLimitMs, scale.Subnets));

    public EvidencePart Part => new("ranking", "Kendall's tau of inherited against stand-alone accuracy", new(() => Units().ToValueList()), Rows,
    [
        $"{scale.Subnets} random nets, one per latency stratum (modelled, at most {scale.LatencyLimitMs.ToString(CultureInfo.InvariantCulture)} ms), each trained alone with as many image passes as one supernet; {scale.RankingImages} validation images each.",
        "Intervals resample nets and supernets together; n counts nets, seeds supernets. Ranking is supported from 0.5 on; below 0.3 a search by inherited accuracy is not justified (method sheet).",
    ]);

    private IEnumerable<Unit> Units() => [.. scale.SupernetSeeds.Select(Inherited), .. _nets.Value.Select(TrainedAlone)];

    private Unit Inherited(ulong seed) =>
        NetUnits.Inherited("inherited", SupernetUnits.Of(_pictures, scale, seed), _pictures, scale, seed, _nets.Value, scale.RankingImages);

    private Unit TrainedAlone(RandomNet net, int index)
    {
        QuasarVitConfig config = scale.Recipe.Config(_pictures, AloneSeed);
        JsonObject inputs = SupernetUnits.Inputs(_pictures, scale, config);
        (inputs["net"], inputs["images"]) = (net.Key, scale.RankingImages);
        return new Unit($"alone/{_pictures.Name}/{index + 1:00}", inputs, new Cost(scale.Recipe.Passes, scale.RankingImages), [], run =>
        {
            using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(
                QuasarVitTraining.RunAlone(config, net.Genome, _pictures.Train(scale, AloneSeed), null, TimeProvider.System, run.Cancel), 1);
            return new UnitResult(new JsonObject { ["right"] = evaluator.Evaluate(net.Genome, _pictures.Score(scale, AloneSeed, scale.RankingImages)).Right });
        });
    }

    private IEnumerable<EvidenceRow> Rows(Findings findings)
    {
        List<RandomNet> nets = _nets.Value;
        double[] alone = [.. nets.Select((n, i) => (double)(int)findings[TrainedAlone(n, i)]["right"]!)], macs = [.. nets.Select(n => (double)n.Macs)];   // (nets)
        double[][] inherited = [.. scale.SupernetSeeds.Select(s => NetUnits.Accuracies(findings[Inherited(s)], scale.RankingImages))];   // (supernets)(nets)
        (string Name, int From, int To)[] ranges = [("all latencies", 0, nets.Count), .. Enumerable.Range(0, 3).Select(t => ($"latency tercile {t + 1}", t * nets.Count / 3, (t + 1) * nets.Count / 3))];
        foreach (var (name, from, to) in ranges)
        {
            string note = $"{nets[from].LatencyMs:F3} to {nets[to - 1].LatencyMs:F3} ms";
            double Inside(int[] supernets, int[] chosen) => supernets.Average(s => Tau(inherited[s], alone, chosen));
            double Plain(int[] _, int[] chosen) => Tau(macs, alone, chosen);
            yield return Row(name, "inherited accuracy", Inside, from, to, note);
            yield return Row(name, "plain MACs", Plain, from, to, note);
            yield return Row(name, "inherited minus MACs", (s, c) => Inside(s, c) - Plain(s, c), from, to, note) with { Compares = true };
        }
    }

    private EvidenceRow Row(string group, string statement, Func<int[], int[], double> tau, int from, int to, string note)
    {
        int supernets = scale.SupernetSeeds.Count, count = to - from;
        var (low, high) = Bootstrap.Interval(chance => tau(Bootstrap.Draw(supernets, chance), [.. Bootstrap.Draw(count, chance).Select(i => from + i)]), seed: 1);
        double value = tau([.. Enumerable.Range(0, supernets)], [.. Enumerable.Range(from, count)]);
        return new($"{_pictures.Name}, {group}", statement, "Kendall's tau-b", Origin.Trained, new Estimate(value, low, high, count, supernets), Note: note);
    }

    // Where a draw of the bootstrap holds one value only, no order is right or wrong: 0.
    private static double Tau(double[] x, double[] y, int[] chosen) => KendallTau.Of([.. chosen.Select(i => x[i])], [.. chosen.Select(i => y[i])]) ?? 0;
}
