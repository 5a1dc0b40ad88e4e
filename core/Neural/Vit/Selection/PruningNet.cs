using Hone.Model;
using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>A backbone with a selector at every position.</summary>
internal sealed class PruningNet : IDisposable
{
    public PruningNet(PruningConfig config)
    {
        (Config, Backbone, Selectors) = (config, new VitNet(config.Shape, config.Dense.Seed, config.Dense.Device), new ParameterArena());
        var chance = new Chance(config.Dense.Seed, Streams.Weights, 1);
        foreach (int block in config.Positions) SelectorNet.Add(Selectors, Name(block), config.SelectorOf(block), chance);
        Selectors.Seal(Placed.Find(config.Dense.Device));
    }

    private PruningNet(PruningNet net) => (Config, Backbone, Selectors) = (net.Config, net.Backbone.Shadow(), net.Selectors.Shadow());

    public PruningConfig Config { get; }

    public VitNet Backbone { get; }

    /// <summary>Parameters of all selectors.</summary>
    public ParameterArena Selectors { get; }

    public PruningNet Shadow() => new(this);

    public static string Name(int block) => $"selectors.{block}";

    /// <summary>The policy of a pass.</summary>
    /// <param name="noise">Logistic noise (B, N) of a stage; null: decisions are the margins'.</param>
    public SelectorPolicy Policy(IReadOnlyList<SelectorStage> stages, Func<int, Tensor>? noise) =>
        new(Selectors, Config.Selector, [.. stages.Select(s => s with { Shape = Config.SelectorOf(s.Block) })], Config.Package, noise);

    public void Dispose()
    {
        Backbone.Dispose();
        Selectors.Dispose();
    }
}
