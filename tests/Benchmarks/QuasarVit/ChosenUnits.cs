using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>
/// The nets that one search of every arm chose at a latency, fine-tuned alike, and what the mixed one must stand against on the same images: a hand-made net of equal
/// compute, and its own float twin of equal passes. No fine-tuning and no net alone has a teacher; the supernet teaches itself, which is part of the method.
/// </summary>
internal sealed class ChosenUnits(Scale scale, MixedPart mixed)
{
    private const int SearchSeed = 1;   // the search whose choice stands for the method
    private readonly Pictures _pictures = Pictures.FashionMnist;

    /// <summary>Training passes that cost as much as the search's evaluations.</summary>
    private double SearchPasses => new Cost(0, (double)scale.Trials * scale.SearchImages).Passes;

    /// <summary>Epochs of the twin: the supernet's and the fine-tuning's.</summary>
    public double TwinEpochs => scale.Recipe.AllEpochs + scale.TuneEpochs;

    /// <summary>Epochs of the hand-made net before its fine-tuning: the supernet's and what the search costs.</summary>
    public double ByHandEpochs => scale.Recipe.AllEpochs + SearchPasses / scale.Recipe.TrainImages;

    /// <summary>The net that an arm's search chose, with inherited weights, fine-tuned: "right" of the judging images; nothing when the front has none as fast.</summary>
    public Unit Searched(Arm arm, ulong seed, double targetMs) => Make($"tuned-{arm.Name}", arm, seed, targetMs, scale.TuneEpochs, (config, genome, train, run) =>
        Quantised(QuasarVitTraining.Tune(config, run.Blob(Supernet(seed)), genome, [], scale.TuneEpochs, scale.TuneRate, train, null, TimeProvider.System, run.Cancel), genome, seed));

    /// <summary>The hand-made net, trained with the passes of a supernet and one search, then fine-tuned alike.</summary>
    public Unit ByHand(ulong seed, double targetMs) => Make("hand-made", null, seed, targetMs, ByHandEpochs + scale.TuneEpochs, (config, genome, train, run) =>
    {
        byte[] trained = QuasarVitTraining.RunAlone(config, genome, ByHandEpochs, train, null, null, null, TimeProvider.System, run.Cancel);
        return Quantised(QuasarVitTraining.Tune(config.For(genome), trained, genome, [], scale.TuneEpochs, scale.TuneRate, train, null, TimeProvider.System, run.Cancel), genome, seed);
    });

    /// <summary>The mixed net's genes, trained alone in float throughout.</summary>
    public Unit Twin(ulong seed, double targetMs) => Make("twin", Arm.Mixed, seed, targetMs, TwinEpochs, (config, genome, train, run) =>
    {
        byte[] trained = QuasarVitTraining.RunAlone(config with { FloatShare = 1 }, genome, TwinEpochs, train, null, null, null, TimeProvider.System, run.Cancel);
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(trained, 1);
        return evaluator.EvaluateFloat(genome, _pictures.Score(scale, seed, scale.JudgeImages));
    });

    /// <summary>Which of the judging images a unit's net gets right, or null where there is no such net.</summary>
    public float[]? Right(Findings findings, Unit unit) => (string?)findings[unit]["right"] is { } bits ? CrossedBootstrap.Right(bits, scale.JudgeImages) : null;

    /// <summary>Modelled latency of a unit's net, or null where there is none.</summary>
    public static double? Milliseconds(Findings findings, Unit unit) => (double?)findings[unit]["ms"];

    /// <param name="arm">Whose search chooses the net; null: nobody's, it is made by hand.</param>
    private Unit Make(string sort, Arm? arm, ulong seed, double targetMs, double epochs, Func<QuasarVitConfig, QuasarVitGenome, ImageSet, UnitRun, CorrectBits> answers)
    {
        QuasarVitConfig config = scale.Recipe.Config(_pictures, seed) with { Distillation = 0 };
        Unit search = mixed.Search(_pictures, seed, SearchSeed);
        JsonObject inputs = SupernetUnits.Inputs(_pictures, scale, config);
        (inputs["targetMs"], inputs["from"], inputs["images"], inputs["tuneEpochs"], inputs["tuneRate"]) = (targetMs, scale.SearchImages, scale.JudgeImages, scale.TuneEpochs, scale.TuneRate);
        (inputs["epochs"], inputs["byHand"]) = (epochs, arm is null ? HandMade.Net(config, targetMs)?.ToString() : null);
        return new Unit($"{sort}/{_pictures.Name}/{seed}/{targetMs.ToString(CultureInfo.InvariantCulture)}", inputs, new Cost(epochs * scale.Recipe.TrainImages, scale.JudgeImages),
            arm is null ? [] : [Supernet(seed), search], run =>
        {
            QuasarVitGenome? genome = arm is null ? HandMade.Net(config, targetMs)
                : MixedPart.KeyAt(run.Found(search), arm, targetMs) is { } key ? QuasarVitGenome.From(Arm.Mixed.Space(config).Parse(key)) : null;
            var found = new JsonObject();
            if (genome is null) return new UnitResult(found);
            (found["net"], found["ms"]) = (genome.ToString(), Pricer.LatencyMs(genome, config));
            found["right"] = NetUnits.Bits(answers(config, genome, _pictures.Train(scale, seed), run));
            return new UnitResult(found);
        });
    }

    private Unit Supernet(ulong seed) => SupernetUnits.Of(_pictures, scale, seed);

    private CorrectBits Quantised(byte[] weights, QuasarVitGenome genome, ulong seed)
    {
        using QuasarVitEvaluator evaluator = QuasarVitEvaluator.Open(weights, 1);
        return evaluator.Evaluate(genome, _pictures.Score(scale, seed, scale.JudgeImages));
    }
}
