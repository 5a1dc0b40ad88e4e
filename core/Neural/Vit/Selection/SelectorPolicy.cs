using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>Where a selector stands and how it decides.</summary>
/// <param name="Block">It runs before this block, counted from 0.</param>
/// <param name="Name">Of its parameters.</param>
/// <param name="Threshold">A token is kept where its margin is at least this.</param>
/// <param name="Share">Where given, the threshold is set anew for each batch, so that this share of all patches of the grid is kept over all selectors until here.</param>
/// <param name="Shape">How it is built, where stages differ; null: as the policy says.</param>
internal sealed record SelectorStage(int Block, string Name, float Threshold = 0, double? Share = null, SelectorShape? Shape = null);

/// <summary>
/// Learned selection by masks (SPViT, HeatViT): every row stays, dropped ones are hidden from the others. With noise the decision is drawn (Gumbel softmax of temperature 1, whose two
/// draws differ by logistic noise) and passes its gradient on; without, it is the margin's. Where a batch's threshold keeps a share, neither lifting nor stretching all margins changes a drawn decision,
/// and the gradient knows that. One object serves one pass of one batch.
/// </summary>
/// <param name="noise">Logistic noise of a stage, (B, N); null: none.</param>
internal sealed class SelectorPolicy(ParameterArena arena, SelectorShape shape, IReadOnlyList<SelectorStage> stages, PackageRule package, Func<int, Tensor>? noise) : ITokenPolicy, IDisposable
{
    private const double LeastVariance = 1e-4, LeastSlope = 1e-6;              // what is divided by

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
        long patches = tokens.Patches, images = x.shape[0], lead = tokens.ClassTokens;
        Tensor mask = tokens.Mask ?? ones(images, x.shape[1], device: x.device); // (B, n)
        Tensor alive = mask.narrow(1, lead, patches), rest = x.narrow(1, lead, x.shape[1] - lead);
        TokenScores scores = SelectorNet.Score(arena, at.Name, at.Shape ?? shape, rest, mask.narrow(1, lead, x.shape[1] - lead));
        var (kept, threshold) = Decide(at, scores.Margin.narrow(1, 0, patches), alive, noise?.Invoke(stage), shape.Logarithms); // (B, N)
        Thresholds.Add(threshold);
        Kept.Add(kept.DetachFromDisposeScope());
        var (rows, marks) = Packages(x, mask, alive.Minus(kept), scores.Keep, patches, lead);
        Tensor[] before = lead == 0 ? [kept] : [mask.narrow(1, 0, lead), kept];
        VitTokens selected = rows is null ? tokens with { Mask = cat(before, 1) }
            : tokens with { X = cat([x.narrow(1, 0, lead + patches), rows], 1), Mask = cat([.. before, marks!], 1), Packages = (int)rows.shape[1] };
        return selected.Outward(scope);
    }

    /// <summary>Which patches go on, (B, N), and the threshold that decided.</summary>
    /// <param name="margin">(B, N): of logarithms, or 2 keep - 1.</param>
    /// <param name="alive">(B, N).</param>
    /// <param name="drawn">Logistic noise (B, N); null: the margin alone decides, without gradient.</param>
    internal static (Tensor Kept, float Threshold) Decide(SelectorStage at, Tensor margin, Tensor alive, Tensor? drawn, bool logarithms)
    {
        Tensor logit = logarithms || drawn is null ? margin : Logit(margin);
        if (drawn is not null) logit = (at.Share is null ? logit : Standard(logit, alive)).Plus(drawn);
        float threshold = at.Share is { } share ? Threshold(logit, alive, share) : at.Threshold;
        Tensor above = logit.PlusNumber(-threshold);
        using (no_grad())
            if (drawn is null) return (above.NotNegative().to_type(ScalarType.Float32) * alive, threshold);
        if (at.Share is not null) above = above.Minus(Moving(logit, above, alive));
        Tensor soft = sigmoid(above);
        Tensor hard = above.detach().Positive().to_type(ScalarType.Float32);
        return (soft.Plus(hard.Minus(soft.detach())) * alive, threshold);       // the hard decision, the soft one's gradient

        static Tensor Logit(Tensor margin) => log1p(margin).Minus(log1p(margin.neg()));   // of keep = (1 + margin) / 2
    }

    /// <summary>Logits of all alive patches in their own deviations, with gradient: noise is as strong as it says, however large the selector's numbers are.</summary>
    private static Tensor Standard(Tensor logit, Tensor alive)
    {
        Tensor count = alive.sum().AtLeast(1), off = logit.Minus((logit * alive).sum() / count), variance = (off.square() * alive).sum() / count;
        return off / variance.PlusNumber(LeastVariance).sqrt();
    }

    /// <summary>
    /// 0, with the gradient of a threshold that keeps a share: where the sum of sigmoid(logit - threshold) stands, d threshold = sum slope d logit / sum slope. Without it every step lifts all
    /// logits, which changes no decision, and what tells tokens apart is lost in that.
    /// </summary>
    /// <param name="above">Logit minus threshold.</param>
    private static Tensor Moving(Tensor logit, Tensor above, Tensor alive)
    {
        Tensor weights;
        using (no_grad())
        {
            Tensor soft = sigmoid(above), slope = soft * soft.neg().PlusNumber(1) * alive;
            weights = slope / slope.sum().AtLeast(LeastSlope);
        }
        Tensor mean = (weights * logit).sum();
        return mean.Minus(mean.detach());
    }

    /// <summary>The threshold above which this share of all patches is.</summary>
    private static float Threshold(Tensor logit, Tensor alive, double share)
    {
        float[] values = logit.detach().Numbers(), lives = alive.detach().Numbers();
        int count = (int)Math.Round(share * values.Length);
        float[] ordered = [.. values.Where((_, i) => lives[i] > 0).OrderDescending()];
        if (count >= ordered.Length) return float.MinValue;
        return count == 0 ? float.MaxValue : (ordered[count - 1] + ordered[count]) / 2;
    }

    /// <summary>Package rows (B, P, C) and their marks (B, P), from what was dropped now.</summary>
    /// <param name="dropped">(B, N).</param>
    /// <param name="keep">(B, n - lead).</param>
    /// <param name="lead">Rows before the patches.</param>
    private (Tensor? Rows, Tensor? Marks) Packages(Tensor x, Tensor mask, Tensor dropped, Tensor keep, long patches, long lead)
    {
        if (package == PackageRule.None) return (null, null);
        long before = x.shape[1] - lead - patches;
        Tensor any = dropped.detach().sum(1, keepdim: true).Positive().to_type(ScalarType.Float32); // (B, 1)
        Tensor weights = dropped * keep.narrow(1, 0, patches), members = x.narrow(1, lead, patches); // (B, N), (B, N, C)
        Tensor? old = before > 0 ? x.narrow(1, lead + patches, before) : null, marks = before > 0 ? mask.narrow(1, lead + patches, before) : null; // (B, P, C), (B, P)
        if (package == PackageRule.Merged && old is not null)
        {
            weights = cat([weights, marks! * keep.narrow(1, patches, before)], 1);
            members = cat([members, old], 1);
        }
        Tensor sum = matmul(weights.unsqueeze(1), members);                    // (B, 1, C)
        if (package == PackageRule.PerStage) return old is null ? (sum, any) : (cat([old, sum], 1), cat([marks!, any], 1));
        Tensor mean = sum / weights.sum(1, keepdim: true).AtLeast(TokenSelector.LeastWeight).unsqueeze(2);
        if (old is null) return (mean, any);
        Tensor here = any.unsqueeze(2);                                        // (B, 1, 1)
        Tensor rows = package == PackageRule.Running ? (old * marks!.unsqueeze(2)).Plus(mean * here) : (mean * here).Plus(old * here.neg().PlusNumber(1));
        return (rows, maximum(marks!, any));
    }

    public void Dispose()
    {
        foreach (Tensor kept in Kept) kept.Dispose();
    }
}
