using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>
/// Quantisation-aware training: <see cref="PruningRecipe"/>'s loss of the emulated integer net. Scales of activations stand, those of weights follow the weights; rounding passes its gradient
/// on, the polynomials have their own derivatives.
/// </summary>
/// <param name="net">Latent parameters.</param>
/// <param name="teacher">In float; not trained.</param>
/// <param name="plan">The plan of a step.</param>
/// <param name="thresholds">Per position of the net; null: each batch's own, such that the plan's shares are kept.</param>
internal sealed class HeatVitRecipe(HeatVitConfig config, PruningNet net, HeatVitScales scales, Teacher teacher, Func<long, PruningPlan> plan, IReadOnlyDictionary<int, float>? thresholds, long steps) : IRecipe
{
    private readonly HeatVitNet _emulated = new(net, config, scales);

    public IReadOnlyList<ParameterArena> Arenas { get; } = [net.Backbone.Arena, net.Selectors];

    public double Rate(int arena, long step) => AdamW.Rate(step, steps, 0, config.QuantRate, Math.Min(config.QuantRate, config.QuantFinalRate));

    public Tensor Loss(Portion portion)
    {
        PruningPlan now = plan(portion.Step);
        SelectorStage[] stages = [.. now.Blocks.Select((block, s) =>
            new SelectorStage(block, PruningNet.Name(block), thresholds?.GetValueOrDefault(block) ?? 0, thresholds is null ? now.Shares[s] : null))];
        using var policy = new HeatVitPolicy(net.Selectors, config, scales, stages, stage => PruningRecipe.Noise(config.Pruning, portion, stage, steps));
        Tensor features = _emulated.Features(_emulated.Run(portion.Patches, policy)); // (b, n, C)
        return PruningRecipe.Sum(config.Pruning, portion, _emulated.Classify(features), features, policy.Kept, now.Shares, thresholds is not null, teacher);
    }

    /// <summary>The losses of the trainings before, which checkpoints carry along.</summary>
    public (LossCurve Dense, LossCurve Joint)? Before { get; set; }

    public void Save(ArrayFile file)
    {
        teacher.Net.Arena.Save(file, PruningModel.Teacher);
        scales.Save(file);
        Before?.Dense.Save(file, PruningModel.DenseCurve);
        Before?.Joint.Save(file, PruningModel.JointCurve);
    }

    public void Load(ArrayFile file)
    {
        teacher.Net.Arena.Load(file, PruningModel.Teacher);
        scales.Load(file);
        Before = (LossCurve.Read(file, PruningModel.DenseCurve), LossCurve.Read(file, PruningModel.JointCurve));
    }

    public IRecipe Shadow() => new HeatVitRecipe(config, net.Shadow(), scales, teacher, plan, thresholds, steps);

    public void Dispose() => net.Dispose();
}
