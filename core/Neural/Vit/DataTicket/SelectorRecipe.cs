using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit.DataTicket;

/// <summary>Cross entropy of a trained net that prunes patches inside its blocks, each step at one of the rates.</summary>
internal sealed class SelectorRecipe(DataTicketConfig config, VitNet net, long steps) : IRecipe
{
    private readonly ScalarType _type = config.Dense.Branches.On(Placed.Find(config.Dense.Device));

    public IReadOnlyList<ParameterArena> Arenas { get; } = [net.Arena];

    public double Rate(int arena, long step) => AdamW.Rate(step, steps, 0, config.SelectorRate, config.SelectorRate / 10);

    public Tensor Loss(Portion portion)
    {
        double keep = config.Keeps[new Chance(config.Dense.Seed, Streams.Sampling, (uint)portion.Step).Next(config.Keeps.Count)];
        VitTokens tokens = net.Run(net.Embed(portion.Patches), new BestPatchesPolicy(config.Blocks, keep, 1), _type, classOnly: true);
        return VitLosses.CrossEntropy(net.Classify(net.Features(tokens)), portion.Targets);
    }

    public IRecipe Shadow() => new SelectorRecipe(config, net.Shadow(), steps);

    public void Dispose() => net.Dispose();
}
