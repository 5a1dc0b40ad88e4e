using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit.TriLevel;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>A training from scratch.</summary>
/// <param name="EqualTime">Whether it is the dense training that was cut to the others' time, which is to be beaten and not only held.</param>
internal sealed record TriLevelArm(string Name, Func<TriLevelConfig, TriLevelConfig> Change, bool EqualTime = false)
{
    // Of the dense training's epochs: the share of its time that all three levels take [measured before the runs: part time], which is in proportion to the examples that are left.
    private const double Time = 0.77, MilderTime = Time * 0.9 / 0.8;

    private const double Longer = 1.5;   // times the epochs: three presentations between two swaps instead of two
    private const int Crop = 4;          // pixels

    public static TriLevelArm Dense { get; } = new("dense", c => c with { Removed = 0, Swapped = 0, Keep = 1, Links = 1 });

    public static TriLevelArm Shorter { get; } = Cut("dense at equal time", Time);

    public static TriLevelArm All { get; } = new("all three levels", c => c);

    public static TriLevelArm Static { get; } = new("static subset", c => c with { Rule = ExampleRule.Static });

    public static TriLevelArm Random { get; } = new("random swap", c => c with { Rule = ExampleRule.Random });

    public static ValueList<TriLevelArm> Single { get; } =
    [
        new("examples alone", c => c with { Keep = 1, Links = 1 }), new("tokens alone", c => c with { Removed = 0, Swapped = 0, Links = 1 }), new("links alone", c => c with { Removed = 0, Swapped = 0, Keep = 1 }),
    ];

    /// <summary>A tenth of the examples removed instead of a fifth, half of the links kept instead of a tenth.</summary>
    public static TriLevelArm Milder { get; } = new("all three levels, milder", c => c with { Removed = 0.1, Links = 0.5 });

    public static TriLevelArm MilderTimeOfDense { get; } = Cut("dense at the milder levels' time", MilderTime);

    /// <summary>The same on random crops, and longer.</summary>
    public TriLevelArm Cropped() => new($"{Name}, crops", c => Change(c with { Run = c.Run with { Epochs = Longer * c.Run.Epochs, Crop = Crop } }), EqualTime);

    private static TriLevelArm Cut(string name, double share) => new(name, c => Dense.Change(c) with { Run = c.Run with { Epochs = share * c.Run.Epochs } }, EqualTime: true);
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
