using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Vision;
using Hone.Model;
using Hone.Neural;
using Hone.Neural.Vit;

namespace Hone.Studies.Images;

/// <summary>Pruned nets in float that the processor's own engine runs: what is dropped is not computed, where training only masks it. One caller at a time.</summary>
internal sealed class EngineNets(PruningEvaluator trained, int threads) : IPrunedNets
{
    private readonly Workers _workers = new(threads);

    public ValueList<(string Name, ValueList<LossPoint> Points)> Curves => trained.Curves;

    public PruningThresholds Calibrate(PruningPlan plan, ImageSet images)
    {
        if (plan.Blocks.Count == 0) return new PruningThresholds(plan, []);
        VisionNet net = trained.Extract(new PruningThresholds(plan, [.. plan.Blocks.Select(_ => 0f)]));
        return new PruningThresholds(plan, [.. VisionSets.Thresholds(net, plan.Shares.Span, images, _workers)]);
    }

    public PruningOutcome Evaluate(PruningThresholds at, ImageSet images)
    {
        var (logits, kept) = VisionSets.Run(trained.Extract(at), images, _workers);
        return new PruningOutcome(CorrectBits.Of(logits, images.Labels, images.Classes), kept);
    }

    /// <summary>Those of the trained net, which its export is held against.</summary>
    public float[] Logits(PruningThresholds at, ImageSet images) => trained.Logits(at, images);

    /// <summary>The net as plain arrays.</summary>
    public VisionNet Extract(PruningThresholds at) => trained.Extract(at);

    public void Dispose()
    {
        _workers.Dispose();
        trained.Dispose();
    }
}
