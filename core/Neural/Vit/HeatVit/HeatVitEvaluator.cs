using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>The emulated integer net of trained weights under plans: the very numbers that <see cref="HeatVitInteger"/> computes. One caller at a time.</summary>
public sealed class HeatVitEvaluator : IPrunedNets
{
    private readonly PruningNet _net;
    private readonly HeatVitScales _scales;
    private readonly HeatVitNet _emulated;
    private readonly VitBatchRun _run;

    private HeatVitEvaluator(ArrayFile file)
    {
        Config = HeatVitModel.Config(file);
        (_net, _scales) = (HeatVitModel.Net(file, Config.Pruning), HeatVitModel.Scales(file));
        (_emulated, _run) = (new HeatVitNet(_net, Config, _scales), new VitBatchRun(Config.Pruning.Shape, Config.Pruning.Dense.Threads));
        Curves = [("dense", Points(PruningModel.DenseCurve)), ("selectors", Points(PruningModel.JointCurve)), ("8 bits", Points(HeatVitModel.QuantCurve))];

        ValueList<LossPoint> Points(string name) => LossCurve.Read(file, name).Points().ToValueList();
    }

    /// <exception cref="HoneException">The bytes are not such weights, or are damaged.</exception>
    public static HeatVitEvaluator Open(ReadOnlySpan<byte> weights) => new(HeatVitModel.Open(weights));

    public HeatVitConfig Config { get; }

    public ValueList<(string Name, ValueList<LossPoint> Points)> Curves { get; }

    /// <summary>Thresholds under which these images keep the plan's shares, selector after selector. Scores are whole numbers, so where several are equal a share is met only nearly.</summary>
    public PruningThresholds Calibrate(PruningPlan plan, ImageSet images)
    {
        if (plan.Blocks.Count == 0) return new PruningThresholds(plan, []);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using HeatVitPolicy policy = Policy([.. plan.Blocks.Select((b, s) => new SelectorStage(b, PruningNet.Name(b), Share: plan.Shares[s]))]);
        _emulated.Run(_run.Read(images, 0, images.Count), policy);
        return new PruningThresholds(plan, [.. policy.Thresholds]);
    }

    /// <summary>Which images the net classifies correctly, and what its selectors keep of each.</summary>
    public PruningOutcome Evaluate(PruningThresholds at, ImageSet images)
    {
        var (logits, kept) = Run(at, images);
        return new PruningOutcome(CorrectBits.Of(logits, images.Labels, Config.Pruning.Shape.Classes), kept);
    }

    /// <summary>Logits (N, classes) flattened.</summary>
    public float[] Logits(PruningThresholds at, ImageSet images) => Run(at, images).Logits;

    private (float[] Logits, int[][] Kept) Run(PruningThresholds at, ImageSet images)
    {
        SelectorStage[] stages = [.. at.Plan.Blocks.Select((b, s) => new SelectorStage(b, PruningNet.Name(b), at.Thresholds[s]))];
        int[][] kept = [.. stages.Select(_ => new int[images.Count])];
        float[] logits = _run.Logits(images, (patches, from) =>
        {
            using HeatVitPolicy policy = Policy(stages);
            Tensor answer = _emulated.Classify(_emulated.Features(_emulated.Run(patches, policy)));
            for (int s = 0; s < stages.Length; s++)
            {
                float[] left = policy.Kept[s].Numbers();
                for (int i = 0; i < left.Length; i++) kept[s][from + (i / Config.Pruning.Shape.Patches)] += (int)left[i];
            }
            return answer;
        });
        return (logits, kept);
    }

    /// <summary>The net as plain integers.</summary>
    public IntegerNet Extract(PruningThresholds at) => _emulated.Export(at);

    private HeatVitPolicy Policy(SelectorStage[] stages) => new(_net.Selectors, Config, _scales, stages, null);

    public void Dispose() => _net.Dispose();
}
