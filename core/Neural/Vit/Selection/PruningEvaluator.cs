using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>A plan with the thresholds that make it true.</summary>
/// <param name="Plan">Which selectors, and which shares they are to leave.</param>
/// <param name="Thresholds">Of the plan's selectors, in their order.</param>
public sealed record PruningThresholds(PruningPlan Plan, ValueList<float> Thresholds);

/// <summary>What images came to.</summary>
/// <param name="Correct">Which were put into their class.</param>
/// <param name="Kept">(selectors)(N): how many patches each selector left of each image.</param>
public sealed record PruningOutcome(CorrectBits Correct, int[][] Kept);

/// <summary>
/// Nets of trained weights under plans, in float32. A plan's thresholds are set so that over some images its shares are met; single images keep more or fewer. One caller at a time.
/// </summary>
public sealed class PruningEvaluator : IPrunedNets
{
    private readonly PruningNet _net;
    private readonly VitNet _dense;
    private readonly VitBatchRun _run;

    private PruningEvaluator(ArrayFile file)
    {
        Config = PruningModel.Config(file) is var config ? config with { Dense = config.Dense with { Device = "cpu" } } : null!;   // wherever it was trained
        (_net, _dense) = (PruningModel.Net(file, Config), PruningModel.Dense(file, Config));
        _run = new VitBatchRun(Config.Shape, Config.Dense.Threads);
        (DenseCurve, JointCurve) = (LossCurve.Read(file, PruningModel.DenseCurve).Points().ToValueList(), LossCurve.Read(file, PruningModel.JointCurve).Points().ToValueList());
    }

    /// <exception cref="HoneException">The bytes are not such weights, or are damaged.</exception>
    public static PruningEvaluator Open(ReadOnlySpan<byte> weights) => new(PruningModel.Open(weights));

    public PruningConfig Config { get; }

    /// <summary>The losses of the two trainings.</summary>
    public ValueList<LossPoint> DenseCurve { get; }

    /// <inheritdoc cref="DenseCurve"/>
    public ValueList<LossPoint> JointCurve { get; }

    public ValueList<(string Name, ValueList<LossPoint> Points)> Curves => [("dense", DenseCurve), ("selectors", JointCurve)];

    /// <summary>Thresholds under which these images keep the plan's shares, selector after selector.</summary>
    public PruningThresholds Calibrate(PruningPlan plan, ImageSet images)
    {
        if (plan.Blocks.Count == 0) return new PruningThresholds(plan, []);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using SelectorPolicy policy = _net.Policy([.. plan.Blocks.Select((b, s) => new SelectorStage(b, PruningNet.Name(b), Share: plan.Shares[s]))], null);
        _net.Backbone.Run(_net.Backbone.Embed(_run.Read(images, 0, images.Count)), policy, ScalarType.Float32, classOnly: true);
        return new PruningThresholds(plan, [.. policy.Thresholds]);
    }

    /// <summary>Which images the net classifies correctly, and what its selectors keep of each. A plan without selectors is the dense net.</summary>
    public PruningOutcome Evaluate(PruningThresholds at, ImageSet images)
    {
        var (logits, kept) = Run(at, images);
        return new PruningOutcome(CorrectBits.Of(logits, images.Labels, Config.Shape.Classes), kept);
    }

    /// <summary>Logits (N, classes) flattened.</summary>
    public float[] Logits(PruningThresholds at, ImageSet images) => Run(at, images).Logits;

    private (float[] Logits, int[][] Kept) Run(PruningThresholds at, ImageSet images)
    {
        VitNet backbone = at.Plan.Blocks.Count == 0 ? _dense : _net.Backbone;
        SelectorStage[] stages = [.. at.Plan.Blocks.Select((b, s) => new SelectorStage(b, PruningNet.Name(b), at.Thresholds[s]))];
        int[][] kept = [.. stages.Select(_ => new int[images.Count])];
        float[] logits = _run.Logits(images, (patches, from) =>
        {
            using SelectorPolicy policy = _net.Policy(stages, null);
            VitTokens tokens = backbone.Run(backbone.Embed(patches), policy, ScalarType.Float32, classOnly: true);
            for (int s = 0; s < stages.Length; s++)
            {
                float[] left = policy.Kept[s].Numbers();
                for (int i = 0; i < left.Length; i++) kept[s][from + (i / (int)policy.Kept[s].shape[1])] += (int)left[i];
            }
            return backbone.Classify(backbone.Features(tokens), tokens.Mask);
        });
        return (logits, kept);
    }

    /// <summary>Logits (N, classes) flattened of the backbone while a rule drops tokens.</summary>
    public float[] Logits(PruningPlan plan, TokenRule rule, ImageSet images) => _run.Logits(images, (patches, from) =>
        _net.Backbone.Classify(_net.Backbone.Features(RuleRecipe.Run(Config, _net.Backbone, patches, plan, rule, new Chance(Config.Dense.Seed, Streams.Masks, (uint)(1 << 30 | from)), ScalarType.Float32))));

    /// <summary>Logits of the backbone that keeps every token.</summary>
    public float[] LogitsOfAll(ImageSet images) => Logits(PruningPlan.Dense, TokenRule.Centre, images);

    /// <summary>The net as plain arrays.</summary>
    public VisionNet Extract(PruningThresholds at)
    {
        VitNet backbone = at.Plan.Blocks.Count == 0 ? _dense : _net.Backbone;
        return backbone.Export(block => at.Plan.Blocks.Span.IndexOf(block) is >= 0 and var s
            ? SelectorNet.Export(_net.Selectors, PruningNet.Name(block), Config.SelectorOf(block), at.Thresholds[s], Config.Package) : null);
    }

    public void Dispose()
    {
        _net.Dispose();
        _dense.Dispose();
    }
}
