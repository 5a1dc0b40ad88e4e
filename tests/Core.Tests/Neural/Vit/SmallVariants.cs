using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Vit;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural.Vit;

/// <summary>One small net of every variant, for images of 16 x 16 pixels.</summary>
internal static class SmallVariants
{
    public const int Side = 16;

    /// <summary>16 patches, 4 blocks.</summary>
    public static VitShape Deit { get; } = SmallVit.Shape with { Side = Side, Patch = 4 };

    /// <summary>A stem that halves the image, 16 patches, branches halved.</summary>
    public static VitShape LvVit { get; } = Deit with { Patch = 2, Expansion = 3, Variant = VitVariant.LvVit(6) };

    /// <summary>Grids of 7, 4 and 2; 5 blocks.</summary>
    public static VitShape Pit { get; } = Deit with { Depth = 5, Variant = VitVariant.Pit(2, new LaterStage(2, 32, 4), new LaterStage(4, 64, 8)) };

    /// <summary>Windows of 4 on a grid of 8, every second block's shifted, then one on a grid of 4; 6 blocks.</summary>
    public static VitShape Swin { get; } = Deit with { Patch = 2, Depth = 6, Variant = VitVariant.Swin(4, new LaterStage(4, 32, 4)) };

    /// <summary>No class token, else DeiT.</summary>
    public static VitShape Mean { get; } = Deit with { Variant = VitVariant.Deit with { ClassToken = false } };

    public static VitShape Of(string variant) => variant switch { "lv-vit" => LvVit, "pit" => Pit, "swin" => Swin, "mean" => Mean, _ => Deit };

    public static ImageSet Images(int count, ulong seed) => SmallVit.Images(count, seed, Side);

    /// <summary>A configuration with selectors in every stage.</summary>
    public static PruningConfig Config(string variant, PackageRule package) => SmallVit.Pruning with
    {
        Shape = Of(variant), Positions = variant switch { "pit" => [1, 2, 4], "swin" => [1, 3, 5], _ => [1, 2, 3] }, Package = package,
    };

    /// <summary>Weights that nobody trained, every parameter moved by chance so that none of them is without effect.</summary>
    public static byte[] Weights(PruningConfig config)
    {
        using var scope = NewDisposeScope();
        using var net = new PruningNet(config);
        using var teacher = new VitNet(config.Shape, 9);
        var chance = new Chance(11, Streams.Weights);
        foreach (ParameterArena arena in (ParameterArena[])[net.Backbone.Arena, net.Selectors, teacher.Arena])
            using (no_grad())
                foreach (string name in arena.Names)
                    arena[name].add_(tensor(ParameterArena.Normal((int)arena[name].NumberOfElements, name.Contains("fc3.bias") ? 0 : 0.15, chance)).view(arena[name].shape));
        return PruningModel.Write(net, teacher, new LossCurve(1), new LossCurve(1));
    }
}
