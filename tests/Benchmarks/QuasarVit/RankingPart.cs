using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>Whether inherited accuracy ranks nets as training them alone does, and better than counting their multiply-accumulates.</summary>
/// <param name="given">Images, nets and seeds.</param>
/// <param name="variant">Names a longer training, for example "long"; null: the recipe itself.</param>
/// <param name="times">How many times the recipe's epochs supernets and nets alone are trained for.</param>
internal sealed class RankingPart(Scale given, string? variant = null, int times = 1)
{
    private const ulong AloneSeed = 101;   // no supernet's: neither first weights nor images are shared
    private readonly Scale _scale = given with { Recipe = given.Recipe with { Epochs = times * given.Recipe.Epochs } };
    private readonly Pictures _pictures = Pictures.FashionMnist;
    private readonly Lazy<List<RandomNet>> _nets = new(() => RandomNets.Stratified(given.Recipe.Config(Pictures.FashionMnist, 0), given.RankingLimitMs, given.Subnets));

    public EvidencePart Part => new(
        $"ranking{Suffix}", string.Create(CultureInfo.InvariantCulture, $"Kendall's tau of inherited against stand-alone accuracy, {_scale.Recipe.Passes:#,0} passes each"), new(() => Units().ToValueList()), Rows,
    [
        $"{_scale.Subnets} random nets, one per latency stratum (modelled, at most {_scale.RankingLimitMs.ToString(CultureInfo.InvariantCulture)} ms), each trained alone with as many image passes as one supernet; {_scale.JudgeImages} validation images each.",
        "Intervals resample nets, supernets and images together; n counts nets, seeds supernets. Inside a tercile six or seven nets remain, for which a percentile interval is rough. Each net is trained alone once, which draws every "
            + "tau towards 0 alike. Ranking is supported from 0.5 on; below 0.3 a search by inherited accuracy is not justified (method sheet).",
    ]);

    private string Suffix => variant is null ? "" : $"-{variant}";

    private IEnumerable<Unit> Units() => [.. _scale.SupernetSeeds.Select(Inherited), .. _nets.Value.Select(TrainedAlone)];

    private Unit Inherited(ulong seed) =>
        NetUnits.Inherited("inherited", SupernetUnits.Of(_pictures, _scale, seed, variant), _pictures, _scale, seed, _nets.Value, _scale.JudgeImages);

    private Unit TrainedAlone(RandomNet net, int index)
    {
        QuasarVitConfig config = _scale.Recipe.Config(_pictures, AloneSeed);
        JsonObject inputs = SupernetUnits.Inputs(_pictures, _scale, config);
        (inputs["net"], inputs["epochs"], inputs["from"], inputs["images"]) = (net.Key, _scale.Recipe.AllEpochs, _scale.SearchImages, _scale.JudgeImages);
        return new Unit($"alone{Suffix}/{_pictures.Name}/{index + 1:00}", inputs, new Cost(_scale.Recipe.Passes, _scale.JudgeImages), [], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            byte[] trained = QuasarVitTraining.RunAlone(config, net.Genome, _scale.Recipe.AllEpochs, _pictures.Train(_scale, AloneSeed), checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(trained, 1);
            return new UnitResult(new JsonObject { ["right"] = NetUnits.Bits(evaluator.Evaluate(net.Genome, _pictures.Score(_scale, AloneSeed, _scale.JudgeImages))) });
        });
    }

    private IEnumerable<EvidenceRow> Rows(Findings findings)
    {
        List<RandomNet> nets = _nets.Value;
        double[] macs = [.. nets.Select(n => (double)n.Macs)];                  // (nets)
        float[][] alone = [.. nets.Select((n, i) => CrossedBootstrap.Right((string)findings[TrainedAlone(n, i)]["right"]!, _scale.JudgeImages))];   // (nets)(images)
        float[][][] inherited = [.. _scale.SupernetSeeds.Select(s => NetUnits.Right(findings[Inherited(s)], _scale.JudgeImages))];   // (supernets)(nets)(images)
        (string Name, int From, int To)[] ranges = [("all latencies", 0, nets.Count), .. Enumerable.Range(0, 3).Select(t => ($"latency tercile {t + 1}", t * nets.Count / 3, (t + 1) * nets.Count / 3))];
        foreach (var (name, from, to) in ranges)
        {
            double[] whole = Taus([.. Enumerable.Range(0, inherited.Length)], [.. Enumerable.Range(from, to - from)], null);
            double[][] drawn = [.. Enumerable.Range(0, CrossedBootstrap.Resamples).Select(r =>
            {
                var chance = new Chance(1, Streams.Bootstrap, (uint)r);
                return Taus(Bootstrap.Draw(inherited.Length, chance), [.. Bootstrap.Draw(to - from, chance).Select(i => from + i)], chance);
            })];
            string note = string.Create(CultureInfo.InvariantCulture, $"{nets[from].LatencyMs:F3} to {nets[to - 1].LatencyMs:F3} ms");
            string[] statements = ["inherited accuracy", "plain MACs", "inherited minus MACs"];
            for (int k = 0; k < statements.Length; k++)
            {
                double[] sorted = [.. drawn.Select(d => d[k]).Order()];
                yield return new($"{_pictures.Name}, {name}", statements[k], "Kendall's tau-b", Origin.Trained,
                    new Estimate(whole[k], Bootstrap.Quantile(sorted, 0.025), Bootstrap.Quantile(sorted, 0.975), to - from, inherited.Length), Compares: k == 2, Note: note);
            }
        }

        // Of inherited accuracy (the mean over supernets), of MACs, and their difference; images are drawn anew where there is chance.
        double[] Taus(int[] supernets, int[] chosen, Chance? chance)
        {
            double[] reference = CrossedBootstrap.Accuracies([.. chosen.Select(i => alone[i])], Weights(chance));
            double mine = supernets.Average(s => Tau(CrossedBootstrap.Accuracies([.. chosen.Select(i => inherited[s][i])], Weights(chance)), reference));
            double plain = Tau([.. chosen.Select(i => macs[i])], reference);
            return [mine, plain, mine - plain];
        }

        float[]? Weights(Chance? chance)
        {
            if (chance is null) return null;
            float[] weights = new float[_scale.JudgeImages];
            for (int i = 0; i < weights.Length; i++) weights[chance.Next(weights.Length)]++;
            return weights;
        }
    }

    // Where a draw of the bootstrap holds one value only, no order is right or wrong: 0.
    private static double Tau(double[] x, double[] y) => KendallTau.Of(x, y) ?? 0;
}
