using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;
using Hone.Neural.Vit.Spvit;
using Hone.Search;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>A way of dropping tokens.</summary>
/// <param name="Rule">Null where a selector learns.</param>
/// <param name="Package">Of a learned selector.</param>
/// <param name="Prunes">False: the dense net, trained as long.</param>
internal sealed record SpvitArm(string Name, SpvitRule? Rule = null, PackageRule Package = PackageRule.None, bool Prunes = true)
{
    public static SpvitArm Soft { get; } = new("soft", Package: PackageRule.Running);

    public static SpvitArm Hard { get; } = new("hard");

    public static SpvitArm Dense { get; } = new("dense, fine-tuned", Prunes: false);

    public static ValueList<SpvitArm> Rules { get; } =
        [new("random", SpvitRule.Random), new("CLS top-k", SpvitRule.ClassAttention), new("centre window", SpvitRule.Centre), new("variance", SpvitRule.Variance)];
}

/// <summary>The trainings and tests of SPViT's evidence.</summary>
internal sealed class SpvitUnits(TokenScale scale)
{
    /// <summary>The dense net of a seed; its blob is the weights that every arm begins with.</summary>
    public Unit Dense(TokenImages images, ulong seed)
    {
        SpvitConfig config = Config(images, seed, PackageRule.Running);
        return new Unit($"dense/{images.Name}/{seed}", Inputs(images, config), new Cost(scale.DenseEpochs * scale.TrainImages, scale.TestImages), [], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            byte[] weights = SpvitTraining.Run(config, images.Train(seed), checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            using SpvitEvaluator evaluator = SpvitEvaluator.Open(weights);
            return new UnitResult(new JsonObject { ["right"] = Bits(CorrectBits.Of(evaluator.LogitsOfAll(images.Test), images.Test.Labels, images.Shape.Classes)), ["loss"] = Math.Round(evaluator.DenseCurve[^1].Mean, 4) }, weights);
        }, leavesBlob: true);
    }

    /// <summary>An arm at a cut of the dense net's multiply-accumulates.</summary>
    public Unit Arm(TokenImages images, SpvitArm arm, double cut, ulong seed)
    {
        SpvitConfig config = Config(images, seed, arm.Package) with { SharedEpochs = 0, TuneEpochs = scale.TuneEpochs };
        SpvitPlan plan = arm.Prunes ? SpvitPlanning.ForCut(config, cut) : SpvitPlan.Dense;
        JsonObject inputs = Inputs(images, config);
        inputs["arm"] = arm.Name;
        inputs["plan"] = plan.ToString();
        inputs["calibration"] = scale.CalibrationImages;
        double passes = scale.TuneEpochs * scale.TrainImages;
        Unit dense = Dense(images, seed);
        return new Unit($"arm/{images.Name}/{arm.Name}/{(arm.Prunes ? $"{cut:P0}".Replace(" ", "", StringComparison.Ordinal) : "0%")}/{seed}", inputs, new Cost(passes, passes + (arm.Prunes && arm.Rule is null ? 3 : 1) * scale.TestImages + scale.CalibrationImages), [dense], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            ImageSet train = images.Train(seed);
            byte[] start = run.Blob(dense);
            byte[] weights = arm.Rule is { } rule
                ? SpvitTraining.TuneByRule(config, start, plan, rule, train, checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel)
                : SpvitTraining.Tune(config, start, new SpvitThresholds(plan, [.. plan.Blocks.Select(_ => 0f)]), train, checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            using SpvitEvaluator evaluator = SpvitEvaluator.Open(weights);
            return new UnitResult(Found(evaluator, images, arm, plan, config, TokenImages.First(train, scale.CalibrationImages)));
        });
    }

    private static JsonObject Found(SpvitEvaluator evaluator, TokenImages images, SpvitArm arm, SpvitPlan plan, SpvitConfig config, ImageSet calibration)
    {
        ImageSet test = images.Test;
        if (!arm.Prunes) return new JsonObject { ["right"] = Bits(CorrectBits.Of(evaluator.LogitsOfAll(test), test.Labels, images.Shape.Classes)), ["mmacs"] = Mega(SpvitWorkload.Lower(plan, config)) };
        if (arm.Rule is { } rule)
            return new JsonObject { ["right"] = Bits(CorrectBits.Of(evaluator.Logits(plan, rule, test), test.Labels, images.Shape.Classes)), ["mmacs"] = Mega(SpvitWorkload.Lower(plan, config)) };
        SpvitOutcome plain = evaluator.Evaluate(new SpvitThresholds(plan, [.. plan.Blocks.Select(_ => 0f)]), test);
        SpvitOutcome outcome = evaluator.Evaluate(evaluator.Calibrate(plan, calibration), test);
        return new JsonObject
        {
            ["right"] = Bits(outcome.Correct), ["mmacs"] = Mega(SpvitWorkload.Lower(plan, outcome.Kept, "test", config)),
            ["kept"] = new JsonArray([.. outcome.Kept.Select(stage => (JsonNode)Histogram(stage))]),
            ["tauOfSureness"] = Math.Round(KendallTau.Of([.. outcome.Kept[^1].Select(k => (double)k)], Sureness(evaluator.Logits(new SpvitThresholds(SpvitPlan.Dense, []), test), images.Shape.Classes)) ?? 0, 5),
            ["untouched"] = new JsonObject   // with thresholds of 0, as trained
            {
                ["accuracy"] = Math.Round(100 * plain.Correct.Accuracy, 3), ["shares"] = new JsonArray([.. plain.Kept.Select(stage => (JsonNode)Math.Round(stage.Average() / images.Shape.Patches, 4))]),
            },
        };
    }

    private static double Mega(Workload workload) => Math.Round(VitWorkload.Macs(workload) / 1e6, 4);

    private SpvitConfig Config(TokenImages images, ulong seed, PackageRule package)
    {
        int depth = images.Shape.Depth;
        return new SpvitConfig { Shape = images.Shape, Dense = scale.Run(seed), Positions = [depth / 4, depth / 2, 3 * depth / 4], SharedEpochs = 0, TuneEpochs = 0, Package = package };
    }

    private JsonObject Inputs(TokenImages images, SpvitConfig config) => new()
    {
        ["revision"] = TokenScale.Revision, ["data"] = images.Name, ["content"] = images.Content, ["train"] = scale.TrainImages, ["test"] = scale.TestImages,
        ["config"] = JsonSerializer.SerializeToNode(config, StudyJson.Options),
    };

    /// <summary>How many images kept how many patches.</summary>
    private static JsonObject Histogram(int[] kept) => new(kept.GroupBy(k => k).OrderBy(g => g.Key).Select(g => KeyValuePair.Create(g.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)g.Count())));

    /// <summary>The largest probability of each image.</summary>
    private static double[] Sureness(float[] logits, int classes)
    {
        double[] sure = new double[logits.Length / classes];
        for (int i = 0; i < sure.Length; i++)
        {
            ReadOnlySpan<float> row = logits.AsSpan(i * classes, classes);
            double top = double.NegativeInfinity, sum = 0;
            foreach (float l in row) top = Math.Max(top, l);
            foreach (float l in row) sum += Math.Exp(l - top);
            sure[i] = 1 / sum;
        }
        return sure;
    }

    private static string Bits(CorrectBits correct) => Convert.ToBase64String(correct.ToBytes());
}
