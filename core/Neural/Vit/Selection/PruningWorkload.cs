using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>
/// Lowers a pruned net to the operations of one image. Letters as in <see cref="VitShape"/>. How many patches are alive behind a stage's entry follows from how many were before as if each had been
/// kept by chance: dropped patches lie together, so that fewer are alive in truth.
/// </summary>
public static class PruningWorkload
{
    /// <summary>Token counts of a plan whose shares are met by every image: each block computes the class token, the kept patches and the package.</summary>
    public static Workload Lower(PruningPlan plan, PruningConfig config, string key = "") =>
        Lower(plan, [.. plan.Shares.Select((share, s) => Extent.Fixed("tokens", Kept(share, config.Shape.StageOf(plan.Blocks[s]).Patches)))], config, key);

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

    private static VitWorkload Begin(PruningConfig config) => new(config.Shape, NumberFormat.Int(config.Bits), functions: config.Kind == SelectorKind.HeatVit ? Approximation.Polynomial : Approximation.Exact);

    private static Workload Lower(PruningPlan plan, Extent[] kept, PruningConfig config, string key)
    {
        VitShape shape = config.Shape;
        VitWorkload vit = Begin(config);
        int packages = config.Package == PackageRule.None ? 0 : 1, first = shape.ClassTokens;
        Extent patches = Extent.Fixed("tokens", shape.Patches);
        int stage = 0, extra = 0;
        for (int block = 0; block < shape.Depth; block++)
        {
            VitStage at = shape.StageOf(block);
            if (block > 0 && at.First == block) patches = vit.Enter(at.Index, patches, first + extra);
            if (stage < kept.Length && plan.Blocks[stage] == block)
            {
                if (patches.Max < kept[stage].Max) patches = kept[stage];      // found more than was guessed behind an entry
                vit.Select(block, config.SelectorOf(block), VitWorkload.More(patches, extra), kept[stage], packages);
                extra = config.Package == PackageRule.PerStage ? extra + 1 : packages;
                patches = kept[stage++];
            }
            vit.Block(block, VitWorkload.More(patches, first + extra));
        }
        return vit.End(key, first == 0 ? patches : null);
    }

    private static Extent Histogram(int[] counts, string source) => new("tokens",
        counts.GroupBy(c => Math.Max(1, c)).OrderBy(g => g.Key).Select(g => new ExtentPoint(g.Key, (double)g.Count() / counts.Length)).ToValueList(), source);
}
