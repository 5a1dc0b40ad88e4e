using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.QuasarVit;

/// <summary>The net that somebody would make by hand: middle E, h and R, half of the rows in 8 bits, as deep as the latency allows, narrower when no depth is fast enough.</summary>
internal static class HandMade
{
    /// <summary>The deepest middle net that is fast enough; null when even the narrowest is not.</summary>
    public static QuasarVitGenome? Net(QuasarVitConfig config, double targetMs)
    {
        var block = new QuasarVitBlockGenome(Middle(config.Heads), Middle(config.Expansions), 0.5, 0.5, 0.5, 0.5);
        foreach (int width in config.Widths.Where(w => w <= Middle(config.Widths)).Reverse())
            foreach (int depth in config.Depths.Reverse())
            {
                var net = new QuasarVitGenome(width, Enumerable.Repeat(block, depth).ToValueList());
                if (Pricer.LatencyMs(net, config) <= targetMs) return net;
            }
        return null;

        static int Middle(ValueList<int> choices) => choices[choices.Count / 2];
    }
}
