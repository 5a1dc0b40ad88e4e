using Hone.Model;

namespace Hone.Devices.Cpu.Vision;

/// <summary>The largest of everything that a network's runs need room for.</summary>
internal sealed class VisionSizes
{
    /// <summary>Rows that go through qkv and attention together where images are smaller: what they give stays in a near cache.</summary>
    private const int RowsAtOnce = 1_024;

    /// <param name="parts">Workers.</param>
    public VisionSizes(VisionNet net, int images, int parts)
    {
        int grid = net.Grid, classTokens = net.ClassToken.Length > 0 ? 1 : 0, packages = 0;
        foreach (VisionStage stage in net.Stages)
        {
            grid = stage.Entry switch { StageEntry.Pool pool => pool.Patches.Out(grid), StageEntry.Merge => grid / 2, _ => grid };
            Tokens = Math.Max(Tokens, checked(classTokens + grid * grid + packages));   // selectors never add to the number of tokens
            packages += stage.Blocks.Count(b => b.Selector is { Package: not PackageRule.None });
            Others = Math.Max(Others, images * (classTokens + packages));
            Places = Math.Max(Places, grid * grid);
        }
        (Images, Rows, Places) = (images, checked(images * Tokens), Math.Max(Places, net.Grid * net.Grid));
        Tokens = Math.Max(Tokens, classTokens + net.Grid * net.Grid);
        Group = Math.Min(Rows, Math.Max(RowsAtOnce, Tokens));
        foreach ((int width, VisionBlock block) in Widths(net))
        {
            Floats = Math.Max(Floats, RowBuffer.Floats(Rows, width));
            (Qkv, Attended) = (Math.Max(Qkv, RowBuffer.Floats(Group, block.Qkv.M)), Math.Max(Attended, RowBuffer.Floats(Group, block.Proj.K)));
            (long hidden, long sums) = RowChain.Floats(block, parts);
            (Hidden, Sums) = (Math.Max(Hidden, hidden), Math.Max(Sums, sums));
        }
        Floats = Math.Max(Floats, RowBuffer.Floats(Rows, net.Stem[^1].M));
    }

    /// <summary>Of a run.</summary>
    public int Images { get; }

    /// <summary>Of an image.</summary>
    public int Tokens { get; }

    /// <summary>Of all images.</summary>
    public int Rows { get; }

    /// <summary>Of all images, in the widest stage.</summary>
    public long Floats { get; }

    /// <summary>Of a grid.</summary>
    public int Places { get; }

    /// <summary>Class tokens and packages of a run.</summary>
    public int Others { get; }

    /// <summary>Rows that go through qkv and attention together.</summary>
    public int Group { get; }

    /// <summary>Floats of what qkv gives for a group.</summary>
    public long Qkv { get; }

    /// <summary>Floats of what attention gives for a group.</summary>
    public long Attended { get; }

    /// <summary>Floats of what the first layer of an MLP gives for some rows of each worker.</summary>
    public long Hidden { get; }

    /// <summary>Floats of what is added to them.</summary>
    public long Sums { get; }

    private static IEnumerable<(int Width, VisionBlock Block)> Widths(VisionNet net) => net.Stages.SelectMany(stage => stage.Blocks.Select(block => (block.Proj.M, block)));
}
