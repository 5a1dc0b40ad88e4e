using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>The trainings and tests of HeatViT's evidence. Every net has had the same epochs in float and in 8 bits.</summary>
/// <param name="budget">Share of the dense net's modelled latency that the pruned one may take.</param>
internal sealed class HeatVitUnits(TokenScale scale, TokenImages images, double budget)
{
    private const double QuantRate = 5e-4, QuantFinalRate = 1e-5;
    private const int Exact = 100;                 // images that the integer engine is run on
    private const int DearStep = 4, DearTest = 3;  // what a step and a test cost in 8 bits, in those in float [measured]
    private const double NarrowShare = 0.7;        // what a step of the narrower net costs beside the dense one's: it multiplies 0.55 times as much
    private static readonly FpgaDevice Eighth = new(BoardCatalog.Zcu102EighthInt);
    private readonly Lazy<PruningPlan> _plan = new(() => Plan(Settings(scale, images, 1).Pruning, budget));
    private readonly Lazy<TokenImages> _narrow = new(() => new TokenImages(images.Source, Narrowed(scale, images, budget), scale));

    /// <summary>Where selectors stand, and what they are to leave.</summary>
    public PruningPlan Pruned => _plan.Value;

    /// <summary>Of the nets of less width and expansion whose dense latency is not above the pruned one's the one that multiplies most.</summary>
    public TokenImages Narrow => _narrow.Value;

    public Unit Dense(ulong seed) => DenseUnits.Of(images, scale, seed);

    /// <summary>Trained from scratch for as long as the pruned net in float.</summary>
    public Unit NarrowDense(ulong seed) => DenseUnits.Of(Narrow, scale, seed, "narrow", scale.DenseEpochs + scale.TuneEpochs, NarrowShare);

    /// <summary>The dense net trained on in float, with or without selectors; its blob is the weights.</summary>
    public Unit Float(ulong seed, bool prunes)
    {
        PruningConfig config = Settings(scale, images, seed).Pruning with { TuneEpochs = scale.TuneEpochs };
        PruningPlan plan = prunes ? Pruned : PruningPlan.Dense;
        Unit dense = Dense(seed);
        double passes = scale.TuneEpochs * scale.TrainImages;
        return new Unit($"float/{images.Name}/{(prunes ? "pruned" : "dense")}/{seed}", Inputs(config, plan), new Cost(passes * (prunes ? 1.5 : 1), scale.TrainImages + (scale.TestImages * (prunes ? 2 : 1))), [dense], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            ImageSet train = images.Train(seed);
            byte[] weights = PruningTraining.Tune(config, PruningTraining.Begin(config, run.Blob(dense)), new PruningThresholds(plan, []), train, checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            using PruningEvaluator evaluator = PruningEvaluator.Open(weights);
            if (!prunes) return new UnitResult(new JsonObject { ["right"] = Found.Bits(CorrectBits.Of(evaluator.LogitsOfAll(images.Test), images.Test.Labels, images.Shape.Classes)) }, weights);
            return new UnitResult(Results(evaluator.Evaluate(evaluator.Calibrate(plan, TokenImages.First(train, scale.CalibrationImages)), images.Test)), weights);
        }, leavesBlob: true);
    }

    /// <summary>A float net as integers: as it is, or trained on as integers.</summary>
    /// <param name="damping">Of GELU and of attention's softmax; 1: none.</param>
    /// <param name="trained">False: frozen, with the ranges set.</param>
    public Unit Bytes(ulong seed, bool prunes, double damping, bool trained)
    {
        Unit begins = Float(seed, prunes);
        return Bytes(images, prunes ? "pruned" : "dense", begins, (run, _) => run.Blob(begins), seed, prunes ? Pruned : PruningPlan.Dense, damping, trained);
    }

    public Unit NarrowBytes(ulong seed)
    {
        Unit dense = NarrowDense(seed);
        return Bytes(Narrow, "narrow", dense, (run, config) => PruningTraining.Begin(config, run.Blob(dense)), seed, PruningPlan.Dense, Polynomials.Damped, trained: true);
    }

    private Unit Bytes(TokenImages of, string name, Unit begins, Func<UnitRun, PruningConfig, byte[]> start, ulong seed, PruningPlan plan, double damping, bool trained)
    {
        HeatVitConfig config = Settings(scale, of, seed) with { Delta1 = damping, Delta2 = damping };
        config = config with { Pruning = config.Pruning with { TuneEpochs = scale.QuantEpochs, Positions = of == images ? config.Pruning.Positions : [] } };
        JsonObject inputs = Inputs(config.Pruning, plan);
        inputs["damping"] = damping;
        inputs["rate"] = trained ? QuantRate : 0;
        double passes = trained ? DearStep * scale.QuantEpochs * scale.TrainImages * (of == images ? 1 : NarrowShare) : 0;
        return new Unit($"bytes/{images.Name}/{name}/{(trained ? "trained" : "frozen")}-{damping}/{seed}", inputs, new Cost(passes, (trained ? scale.TrainImages : 0) + (DearTest * scale.TestImages)), [begins], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            ImageSet train = of.Train(seed);
            byte[] weights = HeatVitTraining.Freeze(config, start(run, config.Pruning), train);
            if (trained) weights = HeatVitTraining.Tune(config, weights, new PruningThresholds(plan, []), train, checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            using HeatVitEvaluator evaluator = HeatVitEvaluator.Open(weights);
            PruningThresholds at = evaluator.Calibrate(plan, TokenImages.First(train, scale.CalibrationImages));
            JsonObject found = Results(evaluator.Evaluate(at, of.Test));
            found["exact"] = Same(evaluator, at, TokenImages.First(of.Test, Exact));
            return new UnitResult(found);
        });
    }

    /// <summary>Images whose logits the integer engine gives bit for bit.</summary>
    private static int Same(HeatVitEvaluator evaluator, PruningThresholds at, ImageSet some)
    {
        IntegerNet net = evaluator.Extract(at);
        float[] logits = evaluator.Logits(at, some);
        int classes = logits.Length / some.Count;
        return Enumerable.Range(0, some.Count).Count(i =>
            HeatVitInteger.Run(net, some.Pixels.AsSpan(i * some.Stride, some.Stride)).Logits.Select(l => FixedPoint.Real(l)).SequenceEqual(logits[(i * classes)..((i + 1) * classes)]));
    }

    private static JsonObject Results(PruningOutcome outcome) => new() { ["right"] = Found.Bits(outcome.Correct), ["kept"] = Found.Kept(outcome.Kept) };

    /// <summary>Modelled milliseconds on the best engine of a board.</summary>
    /// <param name="kept">(stages)(images); null: every token.</param>
    public static double Ms(FpgaDevice board, PruningConfig config, int bits, PruningPlan plan, int[][]? kept) =>
        board.Best(kept is null ? PruningWorkload.Lower(plan, config with { Bits = bits }) : PruningWorkload.Lower(plan, kept, "test", config with { Bits = bits }))!.Value.LatencyMs;

    public PruningConfig Config(TokenImages of) => Settings(scale, of, 1).Pruning;

    private static HeatVitConfig Settings(TokenScale scale, TokenImages of, ulong seed)
    {
        int depth = of.Shape.Depth;
        return new HeatVitConfig
        {
            Pruning = HeatVitConfig.Start with { Shape = of.Shape, Dense = scale.Run(seed), Positions = [depth / 4, depth / 2, 3 * depth / 4] },
            QuantRate = QuantRate, QuantFinalRate = QuantFinalRate,
        };
    }

    private static PruningPlan Plan(PruningConfig config, double budget) => LatencyPlanning.Scale(
        new PruningPlan(config.Positions, [0.7, 0.49, 0.343]), plan => Ms(Eighth, config, 8, plan, null), budget * Ms(Eighth, config, 8, PruningPlan.Dense, null));

    private static VitShape Narrowed(TokenScale scale, TokenImages of, double budget)
    {
        PruningConfig config = Settings(scale, of, 1).Pruning;
        double ms = Ms(Eighth, config, 8, Plan(config, budget), null);
        var nets = from width in Enumerable.Range(1, of.Shape.Width / of.Shape.Heads) from expansion in Enumerable.Range(2, of.Shape.Expansion - 1)   // an MLP of no more than the width is none
            select of.Shape with { Width = width * of.Shape.Heads, Expansion = expansion };
        return nets.Where(s => Ms(Eighth, config with { Shape = s }, 8, PruningPlan.Dense, null) <= ms).MaxBy(s => Found.Mega(PruningWorkload.Lower(PruningPlan.Dense, config with { Shape = s })))!;
    }

    private JsonObject Inputs(PruningConfig config, PruningPlan plan) => new()
    {
        ["revision"] = TokenScale.Revision, ["data"] = images.Name, ["content"] = images.Content, ["train"] = scale.TrainImages, ["test"] = scale.TestImages,
        ["config"] = JsonSerializer.SerializeToNode(config, StudyJson.Options), ["plan"] = plan.ToString(), ["calibration"] = scale.CalibrationImages,
    };
}
