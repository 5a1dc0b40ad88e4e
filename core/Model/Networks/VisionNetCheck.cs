namespace Hone.Model;

/// <summary>Whether a <see cref="VisionNet"/> means something: every array has the shape that its layer states, and no two parts contradict each other. All engines ask here first.</summary>
/// <remarks>
/// What cannot be combined: windows or merging with a class token or with packages; best patches without a class token, with token selectors, or before the last stage; selectors of different
/// package rules.
/// </remarks>
public static class VisionNetCheck
{
    /// <exception cref="ArgumentException">It does not; the message names the part, what was expected and what came.</exception>
    public static void Check(this VisionNet net)
    {
        PixelInput input = net.Input;
        if (input.Channels < 1 || input.Side < 1) throw new ArgumentException($"expected images of at least one channel and one pixel, got {input.Channels} x {input.Side} x {input.Side}");
        LayerCheck.Length("pixel scales", input.Scale, input.Channels);
        LayerCheck.Length("pixel offsets", input.Offset, input.Channels);
        if (net.Stem.Count == 0) throw new ArgumentException("expected a stem of at least one convolution, got none");
        if (net.Stages.Count == 0) throw new ArgumentException("expected at least one stage, got none");
        if (!(net.Epsilon > 0 && float.IsFinite(net.Epsilon))) throw new ArgumentException($"expected an epsilon above 0 for layer norms, got {net.Epsilon}");
        var (width, grid) = (input.Channels, input.Side);
        foreach (ConvLayer conv in net.Stem) (width, grid) = (conv.M, LayerCheck.Check(conv, width, grid));
        if (net.StemNorm is { } norm) LayerCheck.Check(norm, width, "stem norm");
        bool classToken = net.ClassToken.Length > 0;
        if (classToken) LayerCheck.Length("class token", net.ClassToken, width);
        if (net.Positions.Length > 0) LayerCheck.Length("positions", net.Positions, (grid * grid) + (classToken ? 1 : 0), width);
        int index = 0;
        for (int s = 0; s < net.Stages.Count; s++)
        {
            VisionStage stage = net.Stages[s];
            if (s == 0 != stage.Entry is null) throw new ArgumentException(s == 0 ? "expected no entry of the first stage, whose tokens the stem makes" : $"expected an entry of stage {s}, got none");
            if (stage.Entry is not null) (width, grid) = Enter(stage.Entry, $"stage {s}", width, grid, classToken);
            foreach (VisionBlock block in stage.Blocks) new VisionBlockCheck(block, $"block {index++}", width, grid, classToken).Check();
        }
        LayerCheck.Check(net.Norm, width, "last norm");
        LayerCheck.Check(net.Head, net.Head.M, width);
        Choices(net);
        VisionChoice.Check(net);
        Names(net);
    }

    private static (int Width, int Grid) Enter(StageEntry entry, string name, int width, int grid, bool classToken)
    {
        switch (entry)
        {
            case StageEntry.Merge merge:
                if (classToken) throw new ArgumentException($"{name}: merging has no place for a class token; leave it out, or pool");
                if (grid % 2 != 0) throw new ArgumentException($"{name}: expected a grid of an even side to merge 2 x 2 tokens, got {grid} x {grid}");
                LayerCheck.Check(merge.Norm, 4 * width, $"{name} norm");
                LayerCheck.Check(merge.Reduction, merge.Reduction.M, 4 * width);
                return (merge.Reduction.M, grid / 2);
            case StageEntry.Pool pool:
                int side = LayerCheck.Check(pool.Patches, width, grid);
                if (pool.Patches.Groups != width) throw new ArgumentException($"'{pool.Patches.Name}': expected a depthwise convolution of {width} groups, got {pool.Patches.Groups}");
                LayerCheck.Check(pool.ClassToken, pool.Patches.M, width);
                return (pool.Patches.M, side);
            default:
                throw new ArgumentException($"{name}: expected an entry that pools or merges, got {entry.GetType().Name}");
        }
    }

    /// <summary>What chooses tokens, taken together.</summary>
    private static void Choices(VisionNet net)
    {
        PackageRule[] rules = [.. net.Stages.SelectMany(s => s.Blocks).Where(b => b.Selector is not null).Select(b => b.Selector!.Package).Distinct()];
        if (rules.Length > 1) throw new ArgumentException($"expected one package rule for all selectors, got {string.Join(" and ", rules)}");
        if (rules is [not PackageRule.None] && net.Stages.Any(s => s.Entry is StageEntry.Merge || s.Blocks.Any(b => b.Window is not null)))
            throw new ArgumentException($"merging and windows have no place for packages; expected selectors with {PackageRule.None}, got {rules[0]}");
        if (rules.Length > 0 && net.Stages.Any(s => s.Blocks.Any(b => b.Best is not null)))
            throw new ArgumentException("expected either token selectors or shares of best patches in one network, got both");
        for (int s = 0; s < net.Stages.Count - 1; s++)
            if (net.Stages[s].Blocks.Any(b => b.Best is not null))
                throw new ArgumentException($"stage {s} keeps best patches, of which stage {s + 1} would make another number for each image; keep them in the last stage");
    }

    private static void Names(VisionNet net)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in net.LayerNames)
        {
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_'))
                throw new ArgumentException($"expected a layer's name of letters, digits, dots and underscores, got '{name}'");
            if (!names.Add(name)) throw new ArgumentException($"two layers are named '{name}'; name each of them differently");
        }
    }

    internal static string[] Names(VisionStage stage)
    {
        string[] entry = stage.Entry switch
        {
            StageEntry.Pool pool => [pool.Patches.Name, pool.ClassToken.Name],
            StageEntry.Merge merge => [merge.Reduction.Name],
            _ => [],
        };
        return [.. entry, .. stage.Blocks.SelectMany(b => (LinearLayer[])[.. b.Selector?.Linears() ?? [], b.Qkv, b.Proj, b.Fc1, b.Fc2]).Select(layer => layer.Name)];
    }
}
