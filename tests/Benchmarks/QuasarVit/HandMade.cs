using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>
/// The hand-made net: middle E, h and R, half of the rows in 8 bits, as deep as the latency allows (narrower when no depth is fast enough), trained alone with
/// the image passes of a supernet and one search, against the net that the search chose at that latency. Both get the same fine-tuning at the end.
/// </summary>
internal sealed class HandMade(Scale scale, MixedPart mixed)
{
    private readonly Pictures _pictures = Pictures.FashionMnist;

    /// <summary>The search whose choice stands for the method.</summary>
    private const int SearchSeed = 1;

    /// <summary>Training passes that cost as much as the search's evaluations.</summary>
    private double SearchPasses => new Cost(0, (double)scale.Trials * scale.SearchImages).Passes;

    /// <summary>The deepest middle net that is fast enough.</summary>
    public static QuasarVitGenome? Net(QuasarVitConfig config, double targetMs)
    {
        var block = new QuasarVitBlockGenome(Middle(config.Heads), Middle(config.Expansions), 0.5, 0.5, 0.5, 0.5);
        foreach (int width in config.Widths.Where(w => w <= Middle(config.Widths)).Reverse())
            foreach (int depth in config.Depths.Reverse())
            {
                var net = new QuasarVitGenome(width, Enumerable.Repeat(block, depth).ToValueList());
                if (Pricer.LatencyMs(net, config) <= targetMs) return net;
            }
        return null;

        static int Middle(ValueList<int> choices) => choices[choices.Count / 2];
    }

    /// <summary>Trains and scores both nets of a supernet seed and a latency; none when no hand-made net is fast enough.</summary>
    public Unit? Unit(ulong seed, double targetMs)
    {
        QuasarVitConfig config = scale.Recipe.Config(_pictures, seed) with { Distillation = 0 };
        if (Net(config, targetMs) is not { } net) return null;
        Unit supernet = SupernetUnits.Of(_pictures, scale, seed), search = mixed.Search(_pictures, seed, SearchSeed);
        JsonObject inputs = SupernetUnits.Inputs(_pictures, scale, config);
        inputs["targetMs"] = targetMs;
        inputs["searchPasses"] = SearchPasses;
        (inputs["tuneEpochs"], inputs["tuneRate"], inputs["scoreImages"], inputs["net"]) = (scale.TuneEpochs, scale.TuneRate, scale.ScoreImages, net.ToString());
        double tuned = scale.TuneEpochs * scale.Recipe.TrainImages;
        var cost = new Cost(scale.Recipe.Passes + SearchPasses + 2 * tuned, 2.0 * scale.ScoreImages);
        return new Unit($"hand-made/{_pictures.Name}/{seed}/{Text(targetMs)}", inputs, cost, [supernet, search], run =>
        {
            ImageSet train = _pictures.Train(scale, seed);
            var found = new JsonObject { ["handMadeMs"] = Pricer.LatencyMs(net, config) };
            double extra = SearchPasses / scale.Recipe.TrainImages + scale.TuneEpochs;
            byte[] made = Alone.Train(config, net, train, run.Cancel);
            found["handMade"] = Right(Alone.Tune(config, made, net, extra, scale.TuneRate, train, run.Cancel), net, seed);
            if (FrontQuality.At(MixedPart.Front(run.Found(search), Arm.Mixed), targetMs) is { } member)
            {
                QuasarVitGenome genome = QuasarVitGenome.From(Arm.Mixed.Space(config).Parse(member.Key));
                found["searched"] = Right(Alone.Tune(config, run.Blob(supernet), genome, scale.TuneEpochs, scale.TuneRate, train, run.Cancel), genome, seed);
                found["searchedMs"] = member.LatencyMs;
            }
            return new UnitResult(found);
        });
    }

    /// <summary>Searched minus hand-made accuracy in points, shape (supernet seeds)(latencies where both exist).</summary>
    public double[][] Differences(Findings findings) => [.. scale.SupernetSeeds.Select(seed => scale.TargetsMs
        .Select(t => Unit(seed, t)).OfType<Unit>().Select(u => findings[u]).Where(f => f["searched"] is not null)
        .Select(f => 100.0 * ((int)f["searched"]! - (int)f["handMade"]!) / scale.ScoreImages).ToArray())];

    private int Right(byte[] weights, QuasarVitGenome genome, ulong seed)
    {
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(weights, 1);
        return evaluator.Evaluate(genome, _pictures.Score(scale, seed, scale.ScoreImages)).Right;
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
