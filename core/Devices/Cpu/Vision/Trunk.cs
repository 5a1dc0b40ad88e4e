using Hone.Devices.Cpu.Vision.Heads;
using Hone.Devices.Cpu.Vision.Selection;
using Hone.Devices.Cpu.Vision.Stages;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision;

/// <summary>A network without its head: stem and blocks, made ready, and what they work in.</summary>
internal sealed unsafe class Trunk
{
    private readonly VisionNet _net;
    private readonly Stem _stem;

    /// <param name="images">Of a run, at most; so many go through together as <see cref="VisionSizes.Images"/> says.</param>
    /// <exception cref="ArgumentException">The network has what is not run here.</exception>
    public Trunk(VisionNet net, Workers workers, int images)
    {
        if (net.Stem[0].Groups != 1) throw new ArgumentException($"expected the stem's first convolution to have one group, got {net.Stem[0].Groups}");
        VisionBlock[] blocks = [.. net.Stages.SelectMany(stage => stage.Blocks)];
        if (blocks.Length == 0) throw new ArgumentException("expected one block at least, got none");
        var sizes = new VisionSizes(net, images, workers.Count);
        bool links = blocks.Any(b => b.Best is { Links: < 1 }), windows = blocks.Any(b => b.Window is not null);
        HeadSizes[] heads = [.. blocks.Select(b => new HeadSizes(b.Heads, b.Proj.K / b.Heads, sizes.Tokens)).Distinct()];
        int means = links ? sizes.Rows : blocks.Any(b => b.Best is not null) ? sizes.Images : 0;
        var attention = new RaggedHeads(workers.Count, heads, links || windows ? Numbers(net, sizes) : 0, means);
        Around = new Surroundings(workers, sizes, attention, new MoveStep(), new RowBuffer(sizes.Qkv), new RowBuffer(sizes.Attended), new RowBuffer(sizes.Hidden), new RowBuffer(sizes.Sums), net.Epsilon);
        Batch = new VisionBatch(sizes.Images, sizes.Rows, sizes.Floats, sizes.Places, links);
        (_net, _stem) = (net, new Stem(net));
        GridTable? table = net.Stages.Any(s => s.Entry is not null) ? new GridTable(sizes.Images, sizes.Places) : null;
        Stages = [.. net.Stages.Select(stage => (Entry(stage, table, workers), Blocks(stage)))];
    }

    public Surroundings Around { get; }

    public VisionBatch Batch { get; }

    public (IEntry? Entry, Block[] Blocks)[] Stages { get; }

    /// <summary>Makes the tokens of some images. Returns the multiplications.</summary>
    /// <param name="pixels">[images][channels][side][side].</param>
    public long Embed(byte* pixels, int images)
    {
        Batch.Begin(images, _net.Stem[^1].M, _net.Grid, _net.ClassToken.Length > 0);
        _stem.Run(pixels, Batch, Around.Workers);
        return images * _stem.Macs;
    }

    private IEntry? Entry(VisionStage stage, GridTable? table, Workers workers) => stage.Entry switch
    {
        StageEntry.Pool pool => new Pool(pool, table!, workers.Count, Around.Sizes.Others),
        StageEntry.Merge merge => new Merge(merge, _net.Epsilon, table!, Around.Sizes.Rows),
        _ => null,
    };

    private Block[] Blocks(VisionStage stage) =>
        [.. stage.Blocks.Select((block, i) => new Block(block, Around, Feeds(stage, i - 1), Feeds(stage, i) ? new Norm(stage.Blocks[i + 1].Norm1, _net.Epsilon) : null))];

    // Whether a block leaves its rows normed for the next one.
    private static bool Feeds(VisionStage stage, int block) => block >= 0 && block + 1 < stage.Blocks.Count && stage.Blocks[block + 1].Selector is null;

    // Places of the largest grid, or numbers of windows where those are more.
    private static int Numbers(VisionNet net, VisionSizes sizes) =>
        net.Stages.SelectMany(s => s.Blocks).Where(b => b.Window is not null).Select(b => new WindowBias(b.Window!).Numbers((int)Math.Sqrt(sizes.Places))).Append(sizes.Places).Max();
}
