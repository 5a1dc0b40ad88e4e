using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>HeatViT's selection in the emulated net, by masks as <see cref="SelectorPolicy"/> does it, with one merged package. One object serves one pass of one batch.</summary>
/// <param name="noise">Logistic noise of a stage, (B, N); null: none.</param>
internal sealed class HeatVitPolicy(ParameterArena arena, HeatVitConfig config, HeatVitScales scales, IReadOnlyList<SelectorStage> stages, Func<int, Tensor>? noise) : ITokenPolicy, IDisposable
{
    private const double MostMargin = 1 - (1.0 / FixedPoint.One);   // whose logarithms are finite

    /// <summary>Decisions of the stages so far, (B, N) each, with gradient where noise was drawn.</summary>
    public List<Tensor> Kept { get; } = [];

    /// <summary>The thresholds that decided.</summary>
    public List<float> Thresholds { get; } = [];

    public VitTokens Before(int block, VitTokens tokens)
    {
        int stage = Kept.Count;
        return stage < stages.Count && stages[stage].Block == block ? Select(stages[stage], stage, tokens) : tokens;
    }

    private VitTokens Select(SelectorStage at, int stage, VitTokens tokens)
    {
        using var scope = NewDisposeScope();
        Tensor x = tokens.X;                                                   // (B, n, C)
        long patches = tokens.Patches, images = x.shape[0], rows = x.shape[1] - 1;
        Tensor mask = tokens.Mask ?? ones(images, x.shape[1]);                 // (B, n)
        Tensor alive = mask.narrow(1, 1, patches), rest = x.narrow(1, 1, rows);
        Tensor scores = HeatVitSelector.Score(arena, at.Name, config.Pruning.Shape.Heads, rest, mask.narrow(1, 1, rows), config.GeluDamping, scales); // (B, n - 1)
        Tensor margin = scores.narrow(1, 0, patches).Times(2).PlusNumber(-1);  // (B, N)
        Tensor? drawn = noise?.Invoke(stage);
        if (drawn is not null) margin.ClampInPlace(-MostMargin, MostMargin);
        var (kept, threshold) = SelectorPolicy.Decide(at, margin, alive, drawn, logarithms: false);
        Thresholds.Add(threshold);
        Kept.Add(kept.DetachFromDisposeScope());
        Tensor dropped = alive.Minus(kept);                                    // (B, N)
        Tensor any = dropped.detach().sum(1, keepdim: true).Positive().to_type(ScalarType.Float32); // (B, 1)
        if (rows == patches)
        {
            Tensor made = HeatVitSelector.Package(rest, dropped, scores);      // (B, 1, C)
            return new VitTokens(cat([x, made], 1), cat([mask.narrow(1, 0, 1), kept, any], 1), Packages: 1).Outward(scope);
        }
        Tensor marks = mask.narrow(1, 1 + patches, 1), old = x.narrow(1, 1 + patches, 1); // (B, 1), (B, 1, C)
        Tensor merged = HeatVitSelector.Package(rest, cat([dropped, marks], 1), scores), here = any.unsqueeze(2);
        Tensor package = (merged * here).Plus(old * here.neg().PlusNumber(1)); // one of the two, exactly
        return new VitTokens(cat([x.narrow(1, 0, 1 + patches), package], 1), cat([mask.narrow(1, 0, 1), kept, maximum(marks, any)], 1), Packages: 1).Outward(scope);
    }

    public void Dispose()
    {
        foreach (Tensor kept in Kept) kept.Dispose();
    }
}
