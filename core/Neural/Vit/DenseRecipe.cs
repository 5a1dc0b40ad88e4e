using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Vit;

/// <summary>Cross entropy of a net that keeps all tokens: training from scratch, or on.</summary>
/// <param name="warmUp">Steps of linear warm-up.</param>
internal sealed class DenseRecipe(VitNet net, VitRun run, long steps, long warmUp) : IRecipe
{
    private readonly ScalarType _type = run.Branches.On(Placed.Find(run.Device));

    public IReadOnlyList<ParameterArena> Arenas { get; } = [net.Arena];

    public double Rate(int arena, long step) => AdamW.Rate(step, steps, warmUp, run.PeakRate, run.FinalRate);

    public Tensor Loss(Portion portion)
    {
        VitTokens tokens = net.Run(net.Embed(portion.Patches), KeepAll.Policy, _type, classOnly: true);
        return VitLosses.CrossEntropy(net.Classify(net.Features(tokens)), portion.Targets);
    }

    public IRecipe Shadow() => new DenseRecipe(net.Shadow(), run, steps, warmUp);

    public void Dispose() => net.Dispose();
}
