using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>
/// <c>CE + 2 mean_s (mean(D_s) - rho_s)^2 + 0.5 KL(teacher || student) + 0.5 token error</c> (SPViT's code). Where all selectors learn at once the shares are met by the threshold of each
/// batch instead, so the second term is left out.
/// </summary>
/// <param name="teacher">Not trained.</param>
/// <param name="plan">The plan of a step.</param>
/// <param name="thresholds">Per position of the net; null: thresholds are each batch's own, such that the plan's shares are kept.</param>
internal sealed class PruningRecipe(PruningNet net, Teacher teacher, Func<long, PruningPlan> plan, IReadOnlyDictionary<int, float>? thresholds, long steps) : IRecipe
{
    private const double FinalRate = 1e-5;   // of selectors, SPViT's code
    private readonly PruningConfig _config = net.Config;
    private readonly ScalarType _type = net.Config.Dense.Branches.On(Placed.Find(net.Config.Dense.Device));

    public IReadOnlyList<ParameterArena> Arenas { get; } = [net.Backbone.Arena, net.Selectors];

    public double Rate(int arena, long step)
    {
        return arena == 1 ? SelectorRate(_config, step, steps) : BackboneRate(_config, step, steps);
    }

    private static double SelectorRate(PruningConfig config, long step, long steps) => AdamW.Rate(step, steps, 0, config.SelectorRate, Math.Min(FinalRate, config.SelectorRate));

    /// <summary>The backbone stands still at first, then learns at no more than its own rate and the selectors'.</summary>
    public static double BackboneRate(PruningConfig config, long step, long steps) =>
        step < config.FrozenShare * steps ? 0 : Math.Min(config.BackboneRate, SelectorRate(config, step, steps));

    public Tensor Loss(Portion portion)
    {
        PruningPlan now = plan(portion.Step);
        SelectorStage[] stages = [.. now.Blocks.Select((block, s) =>
            new SelectorStage(block, PruningNet.Name(block), thresholds?.GetValueOrDefault(block) ?? 0, thresholds is null ? now.Shares[s] : null))];
        using SelectorPolicy policy = net.Policy(stages, stage => Noise(_config, portion, stage, steps, _config.Shape.StageOf(now.Blocks[stage]).Patches));
        VitNet own = net.Backbone;
        VitTokens tokens = own.Run(own.Embed(portion.Patches), policy, _type, classOnly: false);
        Tensor features = own.Features(tokens), logits = own.Classify(features, tokens.Mask); // (b, n, C), (b, classes)
        int lead = tokens.ClassTokens;
        return Sum(_config, portion, logits, features, policy.Kept, now.Shares, thresholds is not null, teacher, tokens.Mask?.narrow(1, lead, tokens.Patches), lead);
    }

    /// <summary>The loss of a pass.</summary>
    /// <param name="logits">(b, classes).</param>
    /// <param name="features">(b, n, C).</param>
    /// <param name="kept">Decisions of the stages, (b, N) each.</param>
    /// <param name="shares">What the stages ought to keep.</param>
    /// <param name="byLoss">Whether the loss sees to that over the batch; else thresholds do.</param>
    /// <param name="alive">Which patches are there behind the last block, (b, p); null: those that the last stage kept.</param>
    /// <param name="lead">Class tokens before the patches.</param>
    internal static Tensor Sum(
        PruningConfig config, Portion portion, Tensor logits, Tensor features, IReadOnlyList<Tensor> kept, ValueList<double> shares, bool byLoss, Teacher teacher, Tensor? alive = null, int lead = 1)
    {
        Tensor loss = VitLosses.CrossEntropy(logits, portion.Targets);
        var (taught, asked) = teacher.Ask(portion);
        loss = loss.Plus(VitLosses.Divergence(logits, asked).Times(config.Distillation));
        if (kept.Count == 0) return loss;
        alive = (alive ?? kept[^1]).detach();
        long patches = alive.shape[1];
        loss = loss.Plus(VitLosses.TokenError(features.narrow(1, lead, patches), taught.narrow(1, lead, patches), alive).Times(config.TokenWeight));
        for (int s = 0; s < kept.Count; s++)
        {
            if (byLoss) loss = loss.Plus(kept[s].mean().PlusNumber(-shares[s]).square().Times(config.RatioWeight / kept.Count));
            if (config.EvenWeight > 0) loss = loss.Plus(kept[s].mean([1]).PlusNumber(-shares[s]).square().mean().Times(config.EvenWeight / kept.Count));
        }
        return loss;
    }

    /// <summary>The difference of two Gumbel draws, ln(u / (1 - u)), (b, N), as strong as the step says: a function of seed, step, stage and the image's place in the batch.</summary>
    /// <param name="steps">Of the training.</param>
    /// <param name="at">Patches where the stage decides; null: the image's.</param>
    internal static Tensor Noise(PruningConfig config, Portion portion, int stage, long steps, int? at = null)
    {
        int images = portion.Images.Length, patches = at ?? config.Shape.Patches;
        var chance = new Chance(config.Dense.Seed, Streams.Masks, (uint)portion.Step) { Position = (ulong)((stage * config.Dense.Batch * config.Shape.Patches) + (portion.First * patches)) };
        double done = (double)portion.Step / steps, strength = (config.Noise * (1 - done)) + (config.FinalNoise * done);
        if (strength == 0) return zeros(images, patches, device: portion.Patches.device);   // decisions without a draw still pass their gradient on
        float[] noise = new float[images * patches];
        for (int i = 0; i < noise.Length; i++)
        {
            double u = Math.Clamp(chance.NextDouble(), 1e-9, 1 - 1e-9);
            noise[i] = (float)(strength * Math.Log(u / (1 - u)));
        }
        return Placed.On(portion.Patches.device, noise, images, patches);
    }

    /// <summary>The loss of the dense net's training, which checkpoints carry along.</summary>
    public LossCurve? Before { get; set; }

    public void Save(ArrayFile file)
    {
        teacher.Net.Arena.Save(file, PruningModel.Teacher);
        Before?.Save(file, PruningModel.DenseCurve);
    }

    public void Load(ArrayFile file)
    {
        teacher.Net.Arena.Load(file, PruningModel.Teacher);
        Before = LossCurve.Read(file, PruningModel.DenseCurve);
    }

    public IRecipe Shadow() => new PruningRecipe(net.Shadow(), teacher, plan, thresholds, steps);

    public void Dispose() => net.Dispose();
}
