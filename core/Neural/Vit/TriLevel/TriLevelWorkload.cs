using Hone.Model;

namespace Hone.Neural.Vit.TriLevel;

/// <summary>What a net of a Tri-Level training costs: one image's inference at the end of the schedule, and the whole training. Letters as in <see cref="VitShape"/>.</summary>
public static class TriLevelWorkload
{
    private const int Backward = 2;   // a backward pass counts as two forward ones

    /// <summary>Inference of one image under the end values; links are stated as attention's sparsity.</summary>
    public static Workload Lower(TriLevelConfig config, NumberFormat format, string key = "") => Lower(config, config.Keep, config.Links, format, key);

    /// <summary>
    /// Multiply-accumulates of the training: three times the forward pass of every presented image at the shares of its step. Links save none, for a mask is computed densely: what they cost is in
    /// the clock alone.
    /// </summary>
    /// <param name="examples">Of the training set, before any is removed.</param>
    public static double TrainingMacs(TriLevelConfig config, int examples)
    {
        long steps = Steps(config, examples);
        double sum = 0;
        Dictionary<double, double> known = [];
        for (long step = 0; step < steps; step++)
        {
            double keep = config.Share(config.Keep, (double)step / steps);
            if (!known.TryGetValue(keep, out double macs)) known[keep] = macs = VitWorkload.Macs(Lower(config, keep, 1, NumberFormat.F32, ""));
            sum += macs;
        }
        return (1 + Backward) * sum * config.Run.Batch;
    }

    /// <summary>Steps of the training: an epoch is a pass over the examples that are not removed.</summary>
    internal static long Steps(TriLevelConfig config, int examples) => config.Run.Steps(examples - (int)Math.Round(config.Removed * examples));

    private static Workload Lower(TriLevelConfig config, double keep, double links, NumberFormat format, string key)
    {
        var vit = new VitWorkload(config.Shape, format);
        int patches = config.Shape.Patches;
        bool sparse = false;
        for (int block = 0; block < config.Shape.Depth; block++)
        {
            int after = config.Blocks.Span.Contains(block) ? (int)Math.Ceiling(keep * patches) : patches;
            vit.Block(block, Extent.Fixed("tokens", patches + 1), Extent.Fixed("tokens", after + 1), sparse ? new Sparsity.TopKPerRow(links, SharedByHeads: true) : null);
            if (config.Blocks.Span.Contains(block)) sparse = links < 1;
            patches = after;
        }
        return vit.End(key);
    }
}
