namespace Hone.Model;

/// <summary>Whether the parts of one block fit each other and its tokens.</summary>
/// <param name="name">For messages, such as "block 3".</param>
/// <param name="width">C.</param>
/// <param name="grid">Side of its stage's grid.</param>
/// <param name="classToken">Whether there is one.</param>
internal sealed class VisionBlockCheck(VisionBlock block, string name, int width, int grid, bool classToken)
{
    public void Check()
    {
        int a = block.Proj.K;
        if (block.Heads < 1 || a < 1 || a % block.Heads != 0) throw new ArgumentException($"{name}: expected heads that divide the attention's width {a}, got {block.Heads}");
        LayerCheck.Check(block.Norm1, width, $"{name} first norm");
        LayerCheck.Check(block.Qkv, 3 * a, width);
        LayerCheck.Check(block.Proj, width, a);
        LayerCheck.Length($"{name} first scale", block.Scale1, width);
        LayerCheck.Check(block.Norm2, width, $"{name} second norm");
        LayerCheck.Check(block.Fc1, block.Fc1.M, width);
        LayerCheck.Check(block.Fc2, width, block.Fc1.M);
        LayerCheck.Length($"{name} second scale", block.Scale2, width);
        if (block.Selector is { } selector) Check(selector);
        if (block.Best is { } best) Check(best);
        if (block.Window is { } window) Check(window);
    }

    private void Check(TokenSelector s)
    {
        if (s.Heads < 2) throw new ArgumentException($"{name}: a selector weighs heads against each other; expected at least 2, got {s.Heads}");
        if (width % (2 * s.Heads) != 0) throw new ArgumentException($"{name}: expected selector heads of an even width that share {width} channels, got {s.Heads} heads");
        int d = width / s.Heads;
        if (s.Norm is not null) LayerCheck.Check(s.Norm, d, $"{name} selector norm");
        if (s.Embed.M != d && s.Embed.M != d / 2) throw new ArgumentException($"'{s.Embed.Name}': expected {d} outputs (local and global halves) or {d / 2} (one for both), got {s.Embed.M}");
        LayerCheck.Check(s.Embed, s.Embed.M, d);
        LayerCheck.Check(s.Fc1, s.Fc1.M, d);
        LayerCheck.Check(s.Fc2, s.Fc2.M, s.Fc1.M);
        LayerCheck.Check(s.Fc3, 2, s.Fc2.M);
        LayerCheck.Check(s.HeadFc1, s.HeadFc1.M, s.Heads);
        LayerCheck.Check(s.HeadFc2, s.Heads, s.HeadFc1.M);
        if (float.IsNaN(s.Threshold)) throw new ArgumentException($"{name}: expected a threshold to compare margins with, got NaN");
        if (!Enum.IsDefined(s.Package)) throw new ArgumentException($"{name}: expected a package rule of {string.Join(", ", Enum.GetNames<PackageRule>())}, got {s.Package}");
    }

    private void Check(BestPatches best)
    {
        if (!classToken) throw new ArgumentException($"{name} keeps the patches that the class token attends to; expected a class token, got none");
        if (best.Keep is not (> 0 and <= 1)) throw new ArgumentException($"{name}: expected a share of kept patches above 0 and at most 1, got {best.Keep}");
        if (best.Links is not (> 0 and <= 1)) throw new ArgumentException($"{name}: expected a share of links above 0 and at most 1, got {best.Links}");
    }

    private void Check(WindowAttention window)
    {
        if (classToken) throw new ArgumentException($"{name}: a class token stands in no window; leave it out, or attend without windows");
        if (block.Selector is { Package: not PackageRule.None }) throw new ArgumentException($"{name}: a package stands in no window; expected {PackageRule.None}, got {block.Selector.Package}");
        if (window.Size < 1 || grid % window.Size != 0) throw new ArgumentException($"{name}: expected windows that tile a grid of {grid} x {grid}, got a side of {window.Size}");
        if (window.Shift < 0 || window.Shift >= window.Size) throw new ArgumentException($"{name}: expected a shift of 0..{window.Size - 1}, got {window.Shift}");
        int side = (2 * window.Size) - 1;
        LayerCheck.Length($"{name} window bias", window.Bias, block.Heads, side, side);
    }
}
