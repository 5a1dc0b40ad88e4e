using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>The loss of <see cref="PruningRecipe"/> for a net whose tokens a rule chooses; dropped ones are gone in training as well.</summary>
internal sealed class RuleRecipe(PruningConfig config, VitNet net, Teacher teacher, PruningPlan plan, TokenRule rule, long steps) : IRecipe
{
    private readonly ScalarType _type = config.Dense.Branches.On(Placed.Find(config.Dense.Device));

    public IReadOnlyList<ParameterArena> Arenas { get; } = [net.Arena];

    public double Rate(int arena, long step) => PruningRecipe.BackboneRate(config, step, steps);

    public Tensor Loss(Portion portion)
    {
        int patches = config.Shape.Patches;
        var chance = new Chance(config.Dense.Seed, Streams.Masks, (uint)portion.Step) { Position = (ulong)(portion.First * patches) };
        VitTokens tokens = Run(config, net, portion.Patches, plan, rule, chance, _type);
        Tensor features = net.Features(tokens), logits = net.Classify(features);
        var (taught, asked) = teacher.Ask(portion);
        Tensor loss = VitLosses.CrossEntropy(logits, portion.Targets).Plus(VitLosses.Divergence(logits, asked).Times(config.Distillation));
        if (tokens.Places is null) return loss;
        long images = features.shape[0], kept = tokens.Patches, lead = tokens.ClassTokens;
        long[] places = tokens.Places.cpu().data<long>().ToArray();
        for (int i = 0; i < places.Length; i++) places[i] += (i / kept * patches);
        Tensor theirs = taught.narrow(1, lead, patches).reshape(images * patches, -1).index_select(0, tensor(places).to(features.device)).view(images, kept, -1);
        return loss.Plus(features.narrow(1, lead, kept).Minus(theirs).square().mean().Times(config.TokenWeight));
    }

    /// <summary>The tokens behind the last block.</summary>
    /// <param name="chance">For the rule that draws.</param>
    public static VitTokens Run(PruningConfig config, VitNet net, Tensor patches, PruningPlan plan, TokenRule rule, Chance chance, ScalarType type)
    {
        if (!config.Shape.OneStage) throw new SpecException("rules gather what they keep; expected a net of one stage without windows");
        if (rule == TokenRule.Variance && config.Shape.Convolves) throw new SpecException("the rule of variance looks at patches; expected a stem that cuts the image into them");
        int images = (int)patches.shape[0];
        RankedStage[] stages = [.. plan.Blocks.Select((b, s) => new RankedStage(b, PruningWorkload.Kept(plan.Shares[s], config.Shape.Patches)))];
        float[]? scores = rule switch
        {
            TokenRule.Random => PatchScores.Draws(images * config.Shape.Patches, chance),
            TokenRule.Centre => PatchScores.Nearness(config.Shape, images),
            TokenRule.Variance => PatchScores.Variances(patches),
            _ => null,
        };
        return net.Run(net.Embed(patches), new RankedPolicy(stages, scores is null ? null : _ => scores), type, classOnly: false);
    }

    public void Save(ArrayFile file) => teacher.Net.Arena.Save(file, PruningModel.Teacher);

    public void Load(ArrayFile file) => teacher.Net.Arena.Load(file, PruningModel.Teacher);

    public IRecipe Shadow() => new RuleRecipe(config, net.Shadow(), teacher, plan, rule, steps);

    public void Dispose() => net.Dispose();
}
