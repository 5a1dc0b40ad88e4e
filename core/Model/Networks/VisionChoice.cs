namespace Hone.Model;

/// <summary>The part of <see cref="VisionReference"/> that chooses patches before the first block.</summary>
internal static class VisionChoice
{
    /// <summary>Places of the chosen patches in the stem's grid, ascending.</summary>
    public static int[] Places(VisionNet net, ReadOnlySpan<byte> pixels)
    {
        if (net.Choice is PatchChoice.BySelector(var selector)) return VisionReference.PlacesBehind(selector, pixels);
        ConvLayer stem = net.Stem[0];
        int patch = stem.Kernel, side = net.Input.Side, grid = net.Grid;
        double[] variances = new double[grid * grid];
        for (int place = 0; place < variances.Length; place++)
        {
            double sum = 0, squares = 0;
            int count = net.Input.Channels * patch * patch;
            for (int i = 0; i < count; i++)
            {
                int channel = i / (patch * patch), y = (place / grid * patch) + (i / patch % patch), x = (place % grid * patch) + (i % patch);
                double value = (pixels[(channel * side * side) + (y * side) + x] * net.Input.Scale[channel]) + net.Input.Offset[channel];
                (sum, squares) = (sum + value, squares + (value * value));
            }
            variances[place] = (squares / count) - (sum / count * (sum / count));
        }
        return [.. Enumerable.Range(0, variances.Length).OrderByDescending(p => variances[p]).Take(((PatchChoice.ByVariance)net.Choice!).Count).Order()];
    }

    /// <exception cref="ArgumentException">A choice that the network cannot be given.</exception>
    public static void Check(VisionNet net)
    {
        switch (net.Choice)
        {
            case PatchChoice.ByVariance(var count):
                if (net.Stem is not [{ Padding: 0 } conv] || conv.Kernel != conv.Stride) throw new ArgumentException("patches chosen by variance expect a stem of one convolution whose patches do not overlap");
                if (count < 1 || count > net.Grid * net.Grid) throw new ArgumentException($"expected 1..{net.Grid * net.Grid} chosen patches, got {count}");
                break;
            case PatchChoice.BySelector(var selector):
                selector.Check();
                if (selector.Choice is not null || selector.Stages is not [{ Blocks: [.., { Best: not null }] }]) throw new ArgumentException("expected a selector of one stage whose last block keeps best patches and that chooses none itself");
                if (selector.Grid != net.Grid || selector.Input.Side != net.Input.Side || selector.Input.Channels != net.Input.Channels)
                    throw new ArgumentException($"expected a selector on the same images and a grid of side {net.Grid}, got images of {selector.Input.Channels}x{selector.Input.Side}x{selector.Input.Side} and {selector.Grid}");
                break;
        }
        if (net.Choice is not null && (net.Stages.Count > 1 || net.Stages[0].Blocks.Any(b => b.Window is not null)))
            throw new ArgumentException("chosen patches expect a network of one stage without windows: nothing else says where a patch was");
    }
}
