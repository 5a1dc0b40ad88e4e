using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit.TriLevel;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>A training from scratch.</summary>
internal sealed record TriLevelArm(string Name, Func<TriLevelConfig, TriLevelConfig> Change)
{
    private const double EqualTime = 0.77;   // of the dense training's epochs: the share of its time that all three levels take [measured before the runs: part time]

    public static TriLevelArm Dense { get; } = new("dense", c => c with { Removed = 0, Swapped = 0, Keep = 1, Links = 1 });

    public static TriLevelArm Shorter { get; } = new("dense at equal time", c => Dense.Change(c) with { Run = c.Run with { Epochs = EqualTime * c.Run.Epochs } });

    public static TriLevelArm All { get; } = new("all three levels", c => c);

    public static TriLevelArm Static { get; } = new("static subset", c => c with { Rule = ExampleRule.Static });

    public static TriLevelArm Random { get; } = new("random swap", c => c with { Rule = ExampleRule.Random });

    public static ValueList<TriLevelArm> Single { get; } =
    [
        new("examples alone", c => c with { Keep = 1, Links = 1 }), new("tokens alone", c => c with { Removed = 0, Swapped = 0, Links = 1 }), new("links alone", c => c with { Removed = 0, Swapped = 0, Keep = 1 }),
    ];
}

/// <summary>The trainings of Tri-Level E-ViT's evidence.</summary>
internal sealed class TriLevelUnits(TokenScale scale)
{
    private const int CleanExamples = 2_000;

    public Unit Arm(TokenImages images, TriLevelArm arm, ulong seed)
    {
        TriLevelConfig config = arm.Change(Config(images, seed));
        var inputs = new JsonObject
        {
            ["revision"] = TokenScale.Revision, ["data"] = images.Name, ["content"] = images.Content, ["train"] = scale.ScratchImages, ["test"] = scale.TestImages,
            ["config"] = JsonSerializer.SerializeToNode(config, StudyJson.Options),
        };
        double passes = config.Run.Epochs * (1 - config.Removed) * scale.ScratchImages;
        return new Unit($"trilevel/{images.Name}/{arm.Name}/{seed}", inputs, new Cost(passes, scale.TestImages + CleanExamples), [], run =>
        {
            using Stream? checkpoint = run.Checkpoint();
            ImageSet train = images.Train(seed, scale.ScratchImages);
            byte[] weights = TriLevelTraining.Run(config, train, checkpoint, (_, write) => run.Save(write), null, TimeProvider.System, run.Cancel);
            using TriLevelEvaluator evaluator = TriLevelEvaluator.Open(weights);
            var found = new JsonObject
            {
                ["right"] = Found.Bits(evaluator.Evaluate(images.Test)),
                ["tmacs"] = Math.Round(TriLevelWorkload.TrainingMacs(config, scale.ScratchImages) / 1e12, 5),
            };
            if (evaluator.Left.Count > 0)
            {
                found["lossOfLeft"] = Loss(evaluator, train, evaluator.Left);
                found["lossOfActive"] = Loss(evaluator, train, evaluator.Active);
            }
            return new UnitResult(found);
        });
    }

    /// <summary>Seconds of steps, in turn; nothing else should run.</summary>
    public Unit Time(TokenImages images, int repetition)
    {
        const int Steps = 120;
        TriLevelConfig config = Config(images, 1);
        var inputs = new JsonObject { ["revision"] = TokenScale.Revision, ["steps"] = Steps, ["config"] = JsonSerializer.SerializeToNode(config, StudyJson.Options) };
        return new Unit($"trileveltime/{images.Name}/{repetition}", inputs, new Cost(2.0 * Steps * scale.Batch, 0), [], _ =>
        {
            var (dense, sparse) = TriLevelStepBench.Run(config, images.Train(1, scale.ScratchImages), Steps, TimeProvider.System);
            return new UnitResult(new JsonObject { ["dense"] = Math.Round(1000 * dense, 4), ["sparse"] = Math.Round(1000 * sparse, 4) });
        });
    }

    public TriLevelConfig Config(TokenImages images, ulong seed) => new() { Shape = images.Shape, Run = scale.Run(seed) with { Epochs = scale.ScratchEpochs } };

    // Mean cross entropy in a clean pass over the first of these examples.
    private static double Loss(TriLevelEvaluator evaluator, ImageSet train, IReadOnlyList<int> examples)
    {
        ImageSet some = train.Select([.. examples.Take(CleanExamples / 2)]);
        return Math.Round(Logits.CrossEntropy(evaluator.Logits(some), some.Labels), 5);
    }
}
