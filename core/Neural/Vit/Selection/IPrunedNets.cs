using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>Nets of trained weights under plans, however they compute. One caller at a time.</summary>
public interface IPrunedNets : IDisposable
{
    /// <summary>Thresholds under which these images keep the plan's shares, selector after selector.</summary>
    PruningThresholds Calibrate(PruningPlan plan, ImageSet images);

    /// <summary>Which images the net classifies correctly, and what its selectors keep of each.</summary>
    PruningOutcome Evaluate(PruningThresholds at, ImageSet images);

    /// <summary>Logits (N, classes) flattened.</summary>
    float[] Logits(PruningThresholds at, ImageSet images);

    /// <summary>The losses of the trainings behind the weights, the last one's at the end.</summary>
    ValueList<(string Name, ValueList<LossPoint> Points)> Curves { get; }
}
