using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>Lowers a pruned net to the operations of one image. Letters as in <see cref="VitShape"/>.</summary>
public static class PruningWorkload
{
    /// <summary>Token counts of a plan whose shares are met by every image: each block computes the class token, the kept patches and the package.</summary>
    public static Workload Lower(PruningPlan plan, PruningConfig config, string key = "") =>
        Lower(plan, [.. plan.Shares.Select(share => Extent.Fixed("tokens", Kept(share, config.Shape.Patches)))], config, key);

    /// <summary>Token counts as they were found on images.</summary>
    /// <param name="kept">(selectors)(images): patches that each left.</param>
    public static Workload Lower(PruningPlan plan, int[][] kept, string source, PruningConfig config, string key = "") =>
        Lower(plan, [.. kept.Select(counts => Histogram(counts, source))], config, key);

    /// <summary>Patches that are left of N.</summary>
    public static int Kept(double share, int patches) => Math.Max(1, (int)Math.Round(share * patches));

    /// <summary>One block alone where this share of the patches is left.</summary>
    public static Workload Block(PruningConfig config, double share)
    {
        int packages = share < 1 && config.Package != PackageRule.None ? 1 : 0;
        VitWorkload vit = Begin(config);
        vit.Block(0, Extent.Fixed("tokens", Kept(share, config.Shape.Patches) + 1 + packages));
        Workload all = vit.End($"a block at {share}");
        return all with { Ops = all.Ops.Where(op => op.Block == "block 0").ToValueList() };
    }

    private static VitWorkload Begin(PruningConfig config) => new(config.Shape, NumberFormat.Int(config.Bits), config.Kind == SelectorKind.HeatVit ? Approximation.Polynomial : Approximation.Exact);

    private static Workload Lower(PruningPlan plan, Extent[] kept, PruningConfig config, string key)
    {
        VitWorkload vit = Begin(config);
        int packages = config.Package == PackageRule.None ? 0 : 1;
        Extent patches = Extent.Fixed("tokens", config.Shape.Patches);
        int stage = 0, extra = 0;
        for (int block = 0; block < config.Shape.Depth; block++)
        {
            if (stage < kept.Length && plan.Blocks[stage] == block)
            {
                vit.Select(block, config.Selector, VitWorkload.More(patches, extra), kept[stage], packages);
                extra = config.Package == PackageRule.PerStage ? extra + 1 : packages;
                patches = kept[stage++];
            }
            vit.Block(block, VitWorkload.More(patches, 1 + extra));
        }
        return vit.End(key);
    }

    private static Extent Histogram(int[] counts, string source) => new("tokens",
        counts.GroupBy(c => Math.Max(1, c)).OrderBy(g => g.Key).Select(g => new ExtentPoint(g.Key, (double)g.Count() / counts.Length)).ToValueList(), source);
}
