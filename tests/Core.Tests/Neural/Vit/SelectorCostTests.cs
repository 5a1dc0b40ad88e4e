using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Neural.Vit;

public class SelectorCostTests
{
    public static TheoryData<string, SelectorKind> Nets()
    {
        var nets = new TheoryData<string, SelectorKind>();
        foreach (string shape in (string[])["deit-tiny", "deit-small", "lvvit-small", "cifar10", "fashion-clutter"])
            foreach (SelectorKind kind in Enum.GetValues<SelectorKind>()) nets.Add(shape, kind);
        return nets;
    }

    /// <summary>Before a quarter, half and three quarters of the blocks, under the plan of the methods' sheets.</summary>
    [Theory]
    [MemberData(nameof(Nets))]
    public void ThreeSelectorsTakeUnderTwoHundredthsOfTheBlocksWork(string name, SelectorKind kind)
    {
        VitShape shape = name switch { "deit-tiny" => VitShape.DeitTiny, "deit-small" => VitShape.DeitSmall, "lvvit-small" => VitShape.LvVitSmall, "cifar10" => VitShape.Cifar10, _ => VitShape.FashionClutter };
        PruningConfig config = (kind == SelectorKind.HeatVit ? HeatVitConfig.Start : new PruningConfig()) with { Shape = shape };
        Workload whole = PruningWorkload.Lower(new PruningPlan([shape.Depth / 4, shape.Depth / 2, 3 * shape.Depth / 4], [0.7, 0.49, 0.343]), config);
        Op[] blocks = [.. whole.Ops.Where(op => op.Block.StartsWith("block ", StringComparison.Ordinal))], selectors = [.. blocks.OfType<Op.Select>()];
        Assert.Equal(3, selectors.Length);
        Assert.InRange(Macs(selectors) / Macs([.. blocks.Except(selectors)]), 0.001, 0.02);

        double Macs(Op[] of) => VitWorkload.Macs(whole with { Ops = of.ToValueList() });
    }
}
