using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>What a block costs on a device when so many of the patches are left: the latency-sparsity table of SPViT and HeatViT.</summary>
/// <param name="Shares">Falling, from 1 on.</param>
/// <param name="Ms">Milliseconds of a block at each.</param>
public sealed record LatencyTable(ValueList<double> Shares, ValueList<double> Ms)
{
    /// <summary>1, 0.9 .. 0.2 of both sheets, and 0.1, the least that a plan may keep [ours].</summary>
    public static ValueList<double> Grid { get; } = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];

    /// <summary>The table of a device.</summary>
    /// <param name="price">Milliseconds of a workload.</param>
    public static LatencyTable Of(PruningConfig config, Func<Workload, double> price) => new(Grid, Grid.Select(share => price(PruningWorkload.Block(config, share))).ToValueList());

    /// <summary>A block's milliseconds, straight between the table's entries and beyond them as between the last two.</summary>
    public double At(double share)
    {
        int i = 1;
        while (i < Shares.Count - 1 && Shares[i] > share) i++;
        double along = (Shares[i - 1] - share) / (Shares[i - 1] - Shares[i]);
        return Ms[i - 1] + (along * (Ms[i] - Ms[i - 1]));
    }

    /// <summary>All blocks under a plan; embedding, head and selectors are not in the table.</summary>
    public double Total(PruningPlan plan, int depth)
    {
        double sum = 0, share = 1;
        for (int block = 0, stage = 0; block < depth; block++)
        {
            if (stage < plan.Blocks.Count && plan.Blocks[stage] == block) share = plan.Shares[stage++];
            sum += At(share);
        }
        return sum;
    }
}
