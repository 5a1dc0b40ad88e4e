using Hone.Model;

namespace Hone.Devices.Cpu.Vision;

/// <summary>The largest of everything that a network's runs need room for.</summary>
internal sealed class VisionSizes
{
    /// <summary>Rows at first of the images that go through a network together: what layers give each other stays in a near cache, and what is left of them at the end is still worth reading the weights for.</summary>
    private const int RowsAtOnce = 2_048;

    /// <param name="images">Of a run, at most.</param>
    /// <param name="parts">Workers.</param>
    public VisionSizes(VisionNet net, int images, int parts)
    {
        int grid = net.Grid, classTokens = net.ClassToken.Length > 0 ? 1 : 0, packages = 0;
        foreach (VisionStage stage in net.Stages)
        {
            grid = stage.Entry switch { StageEntry.Pool pool => pool.Patches.Out(grid), StageEntry.Merge => grid / 2, _ => grid };
            Tokens = Math.Max(Tokens, checked(classTokens + grid * grid + packages));   // selectors never add to the number of tokens
            packages += stage.Blocks.Count(b => b.Selector is { Package: not PackageRule.None });
            Others = Math.Max(Others, classTokens + packages);
            Places = Math.Max(Places, grid * grid);
        }
        (Tokens, Places) = (Math.Max(Tokens, classTokens + net.Grid * net.Grid), Math.Max(Places, net.Grid * net.Grid));
        Images = Math.Clamp(RowsAtOnce / Tokens, 1, images);
        (Rows, Others) = (checked(Images * Tokens), Images * Others);
        foreach ((int width, VisionBlock block) in Widths(net))
        {
            Floats = Math.Max(Floats, RowBuffer.Floats(Rows, width));
            (Qkv, Attended) = (Math.Max(Qkv, RowBuffer.Floats(Rows, block.Qkv.M)), Math.Max(Attended, RowBuffer.Floats(Rows, block.Proj.K)));
            (long hidden, long sums) = RowChain.Floats(block, parts);
            (Hidden, Sums) = (Math.Max(Hidden, hidden), Math.Max(Sums, sums));
        }
        Floats = Math.Max(Floats, RowBuffer.Floats(Rows, net.Stem[^1].M));
    }

    /// <summary>That go through the network together.</summary>
    public int Images { get; }

    /// <summary>Of an image.</summary>
    public int Tokens { get; }

    /// <summary>Of all images.</summary>
    public int Rows { get; }

    /// <summary>Of all images, in the widest stage.</summary>
    public long Floats { get; }

    /// <summary>Of a grid.</summary>
    public int Places { get; }

    /// <summary>Class tokens and packages of all images.</summary>
    public int Others { get; }

    /// <summary>Floats of what qkv gives.</summary>
    public long Qkv { get; }

    /// <summary>Floats of what attention gives.</summary>
    public long Attended { get; }

    /// <summary>Floats of what the first layer of an MLP gives for some rows of each worker.</summary>
    public long Hidden { get; }

    /// <summary>Floats of what is added to them.</summary>
    public long Sums { get; }

    private static IEnumerable<(int Width, VisionBlock Block)> Widths(VisionNet net) => net.Stages.SelectMany(stage => stage.Blocks.Select(block => (block.Proj.M, block)));
}
