using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;
using Hone.Search;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>A way of dropping tokens.</summary>
/// <param name="Rule">Null where a selector learns.</param>
/// <param name="Package">Of a learned selector.</param>
/// <param name="Prunes">False: the dense net, trained as long.</param>
internal sealed record SpvitArm(string Name, TokenRule? Rule = null, PackageRule Package = PackageRule.None, bool Prunes = true)
{
    public static SpvitArm Soft { get; } = new("soft", Package: PackageRule.Running);

    public static SpvitArm Hard { get; } = new("hard");

    public static SpvitArm Dense { get; } = new("dense, fine-tuned", Prunes: false);

    public static ValueList<SpvitArm> Rules { get; } =
        [new("random", TokenRule.Random), new("CLS top-k", TokenRule.ClassAttention), new("centre window", TokenRule.Centre), new("variance", TokenRule.Variance)];
}

/// <summary>The trainings and tests of SPViT's evidence.</summary>
internal sealed class SpvitUnits(TokenScale scale)
{
    /// <summary>An arm at a cut of the dense net's multiply-accumulates.</summary>
    public Unit Arm(TokenImages images, SpvitArm arm, double cut, ulong seed)
    {
        bool learns = arm.Prunes && arm.Rule is null;
        PruningConfig config = Config(images, seed, arm.Package) with { TuneEpochs = scale.TuneEpochs };
        if (!learns) config = config with { Noise = 0, EvenWeight = 0 };   // no selector draws or is held
        PruningPlan plan = arm.Prunes ? PruningPlanning.ForCut(config, cut) : PruningPlan.Dense;
        JsonObject inputs = Inputs(images, config);
        if (!learns) inputs["config"]!.AsObject().Remove("evenWeight");   // no selector learns by it
        inputs["arm"] = arm.Name;
        inputs["plan"] = plan.ToString();
        inputs["calibration"] = scale.CalibrationImages;
        double passes = scale.TuneEpochs * scale.TrainImages;
        Unit dense = DenseUnits.Of(images, scale, seed);
        return new Unit($"arm/{images.Name}/{arm.Name}/{(arm.Prunes ? $"{cut:P0}".Replace(" ", "", StringComparison.Ordinal) : "0%")}/{seed}", inputs, new Cost(passes, scale.TrainImages + (learns ? 2 : 1) * scale.TestImages + scale.CalibrationImages), [dense], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            ImageSet train = images.Train(seed);
            byte[] start = PruningTraining.Begin(config, run.Blob(dense));
            byte[] weights = arm.Rule is { } rule
                ? PruningTraining.TuneByRule(config, start, plan, rule, train, checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel)
                : PruningTraining.Tune(config, start, new PruningThresholds(plan, []), train, checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            using PruningEvaluator evaluator = PruningEvaluator.Open(weights);
            return new UnitResult(Outcome(evaluator, images, arm, plan, config, TokenImages.First(train, scale.CalibrationImages)));
        });
    }

    private static JsonObject Outcome(PruningEvaluator evaluator, TokenImages images, SpvitArm arm, PruningPlan plan, PruningConfig config, ImageSet calibration)
    {
        ImageSet test = images.Test;
        if (!arm.Prunes) return new JsonObject { ["right"] = Found.Bits(CorrectBits.Of(evaluator.LogitsOfAll(test), test.Labels, images.Shape.Classes)), ["mmacs"] = Found.Mega(PruningWorkload.Lower(plan, config)) };
        if (arm.Rule is { } rule)
            return new JsonObject { ["right"] = Found.Bits(CorrectBits.Of(evaluator.Logits(plan, rule, test), test.Labels, images.Shape.Classes)), ["mmacs"] = Found.Mega(PruningWorkload.Lower(plan, config)) };
        PruningOutcome outcome = evaluator.Evaluate(evaluator.Calibrate(plan, calibration), test);
        return new JsonObject
        {
            ["right"] = Found.Bits(outcome.Correct), ["mmacs"] = Found.Mega(PruningWorkload.Lower(plan, outcome.Kept, "test", config)),
            ["kept"] = Found.Kept(outcome.Kept),
            ["tauOfSureness"] = Math.Round(KendallTau.Of([.. outcome.Kept[^1].Select(k => (double)k)], Logits.Sureness(evaluator.Logits(new PruningThresholds(PruningPlan.Dense, []), test), images.Shape.Classes)) ?? 0, 5),
        };
    }

    private PruningConfig Config(TokenImages images, ulong seed, PackageRule package)
    {
        int depth = images.Shape.Depth;
        return new PruningConfig { Shape = images.Shape, Dense = scale.Run(seed), Positions = [depth / 4, depth / 2, 3 * depth / 4], Package = package };
    }

    private JsonObject Inputs(TokenImages images, PruningConfig config) => new()
    {
        ["revision"] = TokenScale.Revision, ["data"] = images.Name, ["content"] = images.Content, ["train"] = scale.TrainImages, ["test"] = scale.TestImages,
        ["config"] = JsonSerializer.SerializeToNode(config, StudyJson.Options),
    };
}
