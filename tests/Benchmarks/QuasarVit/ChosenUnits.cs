using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>
/// The net that one search chose at a latency, fine-tuned, and what it must stand against on the same images: a hand-made net of equal compute, and its own
/// float twin. Nobody has a teacher here, so that the recipe is the same for all three.
/// </summary>
internal sealed class ChosenUnits(Scale scale, MixedPart mixed)
{
    private const int SearchSeed = 1;   // the search whose choice stands for the method
    private readonly Pictures _pictures = Pictures.FashionMnist;

    /// <summary>Training passes that cost as much as the search's evaluations.</summary>
    private double SearchPasses => new Cost(0, (double)scale.Trials * scale.SearchImages).Passes;

    /// <summary>Whole epochs of the twin: the supernet's and the fine-tuning's, rounded up in the twin's favour.</summary>
    public int TwinEpochs => (int)Math.Ceiling(scale.Recipe.Epochs + scale.TuneEpochs);

    /// <summary>The searched net with inherited weights, fine-tuned: "right" of the score images; nothing when the front has none as fast.</summary>
    public Unit Searched(ulong seed, double targetMs) => Make("searched", seed, targetMs, new Cost(scale.TuneEpochs * scale.Recipe.TrainImages, scale.ScoreImages), inherits: true,
        (config, genome, train, run) => Quantised(Tuned(config, run.Blob(Supernet(seed)), genome, scale.TuneEpochs, train, run.Cancel), genome, seed));

    /// <summary>The hand-made net, trained with the passes of a supernet and one search, then fine-tuned alike.</summary>
    public Unit ByHand(ulong seed, double targetMs) => Make("hand-made", seed, targetMs,
        new Cost(scale.Recipe.Passes + SearchPasses + scale.TuneEpochs * scale.Recipe.TrainImages, scale.ScoreImages), inherits: false,
        (config, genome, train, run) =>
        {
            byte[] trained = QuasarVitTraining.RunAlone(config, genome, train, null, TimeProvider.System, run.Cancel);
            return Quantised(Tuned(config, trained, genome, SearchPasses / scale.Recipe.TrainImages + scale.TuneEpochs, train, run.Cancel), genome, seed);
        });

    /// <summary>The searched net's genes, trained alone in float throughout.</summary>
    public Unit Twin(ulong seed, double targetMs) => Make("twin", seed, targetMs, new Cost((double)TwinEpochs * scale.Recipe.TrainImages, scale.ScoreImages), inherits: true,
        (config, genome, train, run) =>
        {
            byte[] trained = QuasarVitTraining.RunAlone(config with { Epochs = TwinEpochs, FloatShare = 1 }, genome, train, null, TimeProvider.System, run.Cancel);
            using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(trained, 1);
            return evaluator.EvaluateFloat(genome, _pictures.Score(scale, seed, scale.ScoreImages)).Right;
        });

    /// <summary>Differences of accuracy in points, searched minus other, shape (supernet seeds)(latencies where both exist).</summary>
    public double[][] Differences(Findings findings, Func<ulong, double, Unit> other) => [.. scale.SupernetSeeds.Select(seed => scale.TargetsMs
        .Select(t => (Mine: findings[Searched(seed, t)]["right"], Theirs: findings[other(seed, t)]["right"])).Where(p => p.Mine is not null && p.Theirs is not null)
        .Select(p => 100.0 * ((int)p.Mine! - (int)p.Theirs!) / scale.ScoreImages).ToArray()).Where(d => d.Length > 0)];

    private Unit Make(
        string sort, ulong seed, double targetMs, Cost cost, bool inherits, Func<QuasarVitConfig, QuasarVitGenome, ImageSet, UnitRun, int> right)
    {
        QuasarVitConfig config = scale.Recipe.Config(_pictures, seed) with { Distillation = 0 };
        Unit search = mixed.Search(_pictures, seed, SearchSeed);
        JsonObject inputs = SupernetUnits.Inputs(_pictures, scale, config);
        (inputs["targetMs"], inputs["scoreImages"], inputs["tuneEpochs"], inputs["tuneRate"]) = (targetMs, scale.ScoreImages, scale.TuneEpochs, scale.TuneRate);
        (inputs["passes"], inputs["byHand"]) = (cost.Training, inherits ? null : HandMade.Net(config, targetMs)?.ToString());
        return new Unit($"{sort}/{_pictures.Name}/{seed}/{targetMs.ToString(CultureInfo.InvariantCulture)}", inputs, cost, inherits ? [Supernet(seed), search] : [], run =>
        {
            QuasarVitGenome? genome = !inherits ? HandMade.Net(config, targetMs)
                : FrontQuality.At(MixedPart.Front(run.Found(search), Arm.Mixed), targetMs) is { } member ? QuasarVitGenome.From(Arm.Mixed.Space(config).Parse(member.Key)) : null;
            var found = new JsonObject();
            if (genome is null) return new UnitResult(found);
            (found["net"], found["ms"]) = (genome.ToString(), Pricer.LatencyMs(genome, config));
            found["right"] = right(config, genome, _pictures.Train(scale, seed), run);
            return new UnitResult(found);
        });
    }

    private Unit Supernet(ulong seed) => SupernetUnits.Of(_pictures, scale, seed);

    private byte[] Tuned(QuasarVitConfig config, byte[] weights, QuasarVitGenome genome, double epochs, ImageSet train, CancellationToken cancel) =>
        QuasarVitTraining.Tune(config, weights, genome, [], epochs, scale.TuneRate, train, null, TimeProvider.System, cancel);

    private int Quantised(byte[] weights, QuasarVitGenome genome, ulong seed)
    {
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(weights, 1);
        return evaluator.Evaluate(genome, _pictures.Score(scale, seed, scale.ScoreImages)).Right;
    }
}
