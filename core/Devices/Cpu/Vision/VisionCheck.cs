using Hone.Model;

namespace Hone.Devices.Cpu.Vision;

/// <summary>Whether a network fits together, and is one that the engine runs.</summary>
internal static class VisionCheck
{
    /// <exception cref="ArgumentException">Says what was expected and what came.</exception>
    public static void Check(VisionNet net)
    {
        PixelInput input = net.Input;
        Expect(net.Choice is null, "patches chosen before the first block are not run here; leave the choice out, or run the network's export");
        Expect(net.StemNorm is null, "a norm behind the stem is not run here; run the network's export");
        Expect(input.Channels >= 1 && input.Side >= 1, $"expected images of at least 1 x 1 pixels and one channel, got {input.Side} and {input.Channels}");
        Same("scales of pixels", input.Channels, input.Scale.Length);
        Same("offsets of pixels", input.Channels, input.Offset.Length);
        Expect(net.Stem.Count > 0, "expected a stem of one convolution at least");
        Expect(net.Stem[0].Groups == 1, $"expected the stem's first convolution to have one group, got {net.Stem[0].Groups}");
        int width = input.Channels, grid = input.Side;
        foreach (ConvLayer conv in net.Stem) (width, grid) = (Conv(conv, width, grid), conv.Out(grid));
        bool classToken = net.ClassToken.Length > 0, packages = false;
        if (classToken) Same("numbers of the class token", width, net.ClassToken.Length);
        if (net.Positions.Length > 0) Same("numbers of positions", checked(width * (grid * grid + (classToken ? 1 : 0))), net.Positions.Length);
        Expect(net.Stages.Count > 0 && net.Stages.Any(s => s.Blocks.Count > 0), "expected one block at least");
        for (int i = 0; i < net.Stages.Count; i++)
        {
            if (net.Stages[i].Entry is { } entry)
            {
                Expect(i > 0, "the first stage has no entry: its tokens come from the stem");
                (width, grid) = Entry(entry, width, grid, classToken, packages);
            }
            foreach (VisionBlock block in net.Stages[i].Blocks)
            {
                packages |= block.Selector is { Package: not PackageRule.None };
                Block(block, width, grid, classToken, packages);
                Expect(block.Best is not { Links: < 1 } || i == net.Stages.Count - 1, "links between patches are places of one grid: only blocks of the last stage may make them");
            }
        }
        Norm("the last norm", net.Norm, width);
        Linear(net.Head, width, net.Head.M);
    }

    private static int Conv(ConvLayer conv, int inputs, int side)
    {
        Same($"input channels of '{conv.Name}'", inputs, conv.Inputs);
        Expect(conv is { M: >= 1, Kernel: >= 1, Stride: >= 1, Padding: >= 0, Groups: >= 1 }, $"'{conv.Name}': expected outputs, kernel, stride and groups of at least 1");
        Expect(conv.Inputs % conv.Groups == 0 && conv.M % conv.Groups == 0, $"'{conv.Name}': channels must be multiples of its {conv.Groups} groups");
        Expect(side + (2 * conv.Padding) >= conv.Kernel, $"'{conv.Name}': its kernel of {conv.Kernel} is larger than the padded image of {side}");
        Same($"weights of '{conv.Name}'", checked(conv.M * (conv.Inputs / conv.Groups) * conv.Kernel * conv.Kernel), conv.Weights.Length);
        Same($"biases of '{conv.Name}'", conv.M, conv.Bias.Length);
        return conv.M;
    }

    private static (int Width, int Grid) Entry(StageEntry entry, int width, int grid, bool classToken, bool packages)
    {
        if (entry is StageEntry.Pool pool)
        {
            Conv(pool.Patches, width, grid);
            Expect(pool.Patches.Groups == width, $"'{pool.Patches.Name}': expected a depthwise convolution of {width} groups, got {pool.Patches.Groups}");
            Linear(pool.ClassToken, width, pool.Patches.M);
            return (pool.Patches.M, pool.Patches.Out(grid));
        }
        var merge = (StageEntry.Merge)entry;
        Expect(!classToken && !packages, $"'{merge.Reduction.Name}': merging has no room for a class token or a package");
        Expect(grid >= 2, $"'{merge.Reduction.Name}': expected a grid of at least 2 x 2, got {grid} x {grid}");
        Norm($"the norm before '{merge.Reduction.Name}'", merge.Norm, 4 * width);
        Linear(merge.Reduction, 4 * width, merge.Reduction.M);
        return (merge.Reduction.M, grid / 2);
    }

    private static void Block(VisionBlock block, int width, int grid, bool classToken, bool packages)
    {
        string name = block.Qkv.Name;
        if (block.Selector is { } selector) Selector(selector, width);
        Norm($"the norm before '{name}'", block.Norm1, width);
        Norm($"the norm before '{block.Fc1.Name}'", block.Norm2, width);
        Expect(block.Heads >= 1 && block.Proj.K % block.Heads == 0, $"'{name}': expected the attention's width {block.Proj.K} to be a multiple of the heads, got {block.Heads}");
        Linear(block.Qkv, width, 3 * block.Proj.K);
        Linear(block.Proj, block.Proj.K, width);
        Linear(block.Fc1, width, block.Fc1.M);
        Linear(block.Fc2, block.Fc1.M, width);
        Same($"scales of '{block.Proj.Name}'", width, block.Scale1.Length);
        Same($"scales of '{block.Fc2.Name}'", width, block.Scale2.Length);
        if (block.Best is { } best)
        {
            Expect(classToken, $"'{name}': the best patches are the class token's choice, and there is none");
            Expect(best is { Keep: > 0 and <= 1, Links: > 0 }, $"'{name}': expected shares of patches and links above 0, of patches at most 1, got {best.Keep} and {best.Links}");
        }
        if (block.Window is not { } window) return;
        Expect(!classToken && !packages, $"'{name}': windows have no room for a class token or a package");
        Expect(window.Size >= 1 && window.Shift >= 0 && window.Shift < grid, $"'{name}': expected windows of at least 1, shifted by less than the grid of {grid}, got {window.Size} and {window.Shift}");
        Same($"window biases of '{name}'", block.Heads * ((2 * window.Size) - 1) * ((2 * window.Size) - 1), window.Bias.Length);
    }

    private static void Selector(TokenSelector s, int width)
    {
        string name = s.Embed.Name;
        Expect(s.Heads >= 2 && width % s.Heads == 0 && width / s.Heads >= 2, $"'{name}': expected a width of {width} in two heads at least, of two numbers each, got {s.Heads} heads");
        int slice = width / s.Heads, half = slice / 2;
        if (s.Norm is not null) Norm($"the norm before '{name}'", s.Norm, slice);
        Expect(s.Embed.M == slice || s.Embed.M == half, $"'{name}': expected {slice} or {half} outputs, got {s.Embed.M}");
        Linear(s.Embed, slice, s.Embed.M);
        Linear(s.Fc1, 2 * half, s.Fc1.M);
        Linear(s.Fc2, s.Fc1.M, s.Fc2.M);
        Linear(s.Fc3, s.Fc2.M, 2);
        Linear(s.HeadFc1, s.Heads, s.HeadFc1.M);
        Linear(s.HeadFc2, s.HeadFc1.M, s.Heads);
    }

    private static void Linear(LinearLayer layer, int inputs, int outputs)
    {
        Expect(layer.M >= 1 && layer.K == inputs && layer.M == outputs, $"'{layer.Name}': expected {outputs} x {inputs} weights, got {layer.M} x {layer.K}");
        Same($"weights of '{layer.Name}'", checked(layer.M * layer.K), layer.Weights.Length);
        Same($"biases of '{layer.Name}'", layer.M, layer.Bias.Length);
    }

    private static void Norm(string what, NormLayer norm, int width)
    {
        Same($"gains of {what}", width, norm.Gain.Length);
        Same($"biases of {what}", width, norm.Bias.Length);
    }

    private static void Same(string what, int expected, int got) => Expect(expected == got, $"{what}: expected {expected}, got {got}");

    private static void Expect(bool holds, string message)
    {
        if (!holds) throw new ArgumentException(message);
    }
}
