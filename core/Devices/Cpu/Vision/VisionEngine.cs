using Hone.Devices.Cpu.Vision.Heads;
using Hone.Devices.Cpu.Vision.Selection;
using Hone.Devices.Cpu.Vision.Stages;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision;

/// <summary>
/// A <see cref="VisionNet"/> made ready to be run on this processor, in floats: weights packed once, buffers allocated once, a run allocates nothing. Tokens of all images lie one after the other, whatever number each
/// has left; what is dropped is never computed. The bits do not depend on the number of workers. What a net means says <see cref="VisionReference"/>.
/// </summary>
public sealed unsafe class VisionEngine
{
    private readonly VisionNet _net;
    private readonly Surroundings _around;
    private readonly VisionBatch _batch;
    private readonly Stem _stem;
    private readonly List<(IEntry? Entry, Block[] Blocks)> _stages = [];
    private readonly Readout _readout;
    private readonly ScoreStep[] _selectors;
    private readonly int[][] _tokens, _keptCounts, _kept;   // [blocks][images], [selectors][images], [selectors][images x places]

    /// <param name="workers">They run it; not to be disposed of before the last run.</param>
    /// <param name="images">The most of a run.</param>
    /// <exception cref="ArgumentException">The network contradicts itself, or has what the engine does not run; says what was expected and what came.</exception>
    public VisionEngine(VisionNet net, Workers workers, int images = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        VisionCheck.Check(net);
        var sizes = new VisionSizes(net, images, workers.Count);
        VisionBlock[] blocks = [.. net.Stages.SelectMany(stage => stage.Blocks)];
        bool links = blocks.Any(b => b.Best is { Links: < 1 }), windows = blocks.Any(b => b.Window is not null);
        HeadSizes[] heads = [.. blocks.Select(b => new HeadSizes(b.Heads, b.Proj.K / b.Heads, sizes.Tokens)).Distinct()];
        int means = links ? sizes.Rows : blocks.Any(b => b.Best is not null) ? sizes.Images : 0;
        var attention = new RaggedHeads(workers.Count, heads, links || windows ? Numbers(net, sizes) : 0, means);
        (_net, Capacity) = (net, images);
        _around = new Surroundings(workers, sizes, attention, new MoveStep(), new RowBuffer(sizes.Qkv), new RowBuffer(sizes.Attended), new RowBuffer(sizes.Hidden), new RowBuffer(sizes.Sums), net.Epsilon);
        _batch = new VisionBatch(sizes.Images, sizes.Rows, sizes.Floats, sizes.Places, links);
        (_stem, _readout) = (new Stem(net), new Readout(net, sizes.Images, workers.Count));
        GridTable? table = net.Stages.Any(s => s.Entry is not null) ? new GridTable(sizes.Images, sizes.Places) : null;
        foreach (VisionStage stage in net.Stages)
        {
            IEntry? entry = stage.Entry switch
            {
                StageEntry.Pool pool => new Pool(pool, table!, workers.Count, sizes.Others),
                StageEntry.Merge merge => new Merge(merge, net.Epsilon, table!, sizes.Rows),
                _ => null,
            };
            _stages.Add((entry, [.. stage.Blocks.Select((block, i) => new Block(block, _around, Feeds(stage, i - 1), Feeds(stage, i) ? new Norm(stage.Blocks[i + 1].Norm1, net.Epsilon) : null))]));
        }
        _selectors = [.. _stages.SelectMany(s => s.Blocks).Where(b => b.Scores is not null).Select(b => b.Scores!)];
        (_tokens, _keptCounts) = ([.. blocks.Select(_ => new int[images])], [.. _selectors.Select(_ => new int[images])]);
        _kept = [.. _keptCounts.Select(_ => new int[images * sizes.Places])];
    }

    /// <summary>The most images of a run.</summary>
    public int Capacity { get; }

    public int Classes => _net.Classes;

    /// <summary>Images of the last run.</summary>
    public int Images { get; private set; }

    /// <summary>Multiplications of the last run's products, of the tokens that it ran, selectors included; in attention of the pairs that it multiplied.</summary>
    public long Macs { get; private set; }

    /// <summary>Where its time goes; null, as at first: it is not asked for.</summary>
    internal VisionTimes? Times
    {
        get => _around.Times;
        set => _around.Times = value;
    }

    /// <summary>How many tokens of an image a block of the last run computed, its MLP's count where patches are kept inside it.</summary>
    /// <param name="block">Counted through all stages.</param>
    /// <exception cref="ArgumentOutOfRangeException">There was no such image, or is no such block.</exception>
    public int Tokens(int image, int block)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)image, (uint)Images, nameof(image));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)_tokens.Length, nameof(block));
        return _tokens[block][image];
    }

    /// <summary>Which patches of its stage's grid, row by row, went on after a selector; valid until the next run.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There was no such image, or is no such selector.</exception>
    public ReadOnlySpan<int> Kept(int image, int selector)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)image, (uint)Images, nameof(image));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)selector, (uint)_kept.Length, nameof(selector));
        return _kept[selector].AsSpan(image * _around.Sizes.Places, _keptCounts[selector][image]);
    }

    /// <summary>The margins that a selector decided by, of all tokens that came to it of the last images that went through together, NaN of those that are no patches; valid until the next run.</summary>
    internal ReadOnlySpan<float> Margins(int selector) => _selectors[selector].Decided;

    /// <summary>Runs some images. One caller at a time.</summary>
    /// <param name="pixels">Shape (images, channels, side, side).</param>
    /// <param name="images">1 to <see cref="Capacity"/>.</param>
    /// <param name="logits">Shape (images, classes).</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public void Run(ReadOnlySpan<byte> pixels, int images, Span<float> logits)
    {
        PixelInput input = _net.Input;
        if (images < 1 || images > Capacity) throw new ArgumentException($"expected 1 to {Capacity} images, got {images}", nameof(images));
        if (pixels.Length != images * (long)input.Channels * input.Side * input.Side)
            throw new ArgumentException($"expected {images} x {input.Channels} x {input.Side} x {input.Side} pixels, got {pixels.Length}", nameof(pixels));
        if (logits.Length != images * (long)_net.Classes) throw new ArgumentException($"expected room for {images} x {_net.Classes} logits, got {logits.Length}", nameof(logits));
        (Images, Macs) = (images, 0);
        nint image = (nint)input.Channels * input.Side * input.Side;
        fixed (byte* from = pixels)
        fixed (float* to = logits)
            for (int first = 0; first < images; first += _around.Sizes.Images)
                Macs += Run(from + (first * image), first, Math.Min(_around.Sizes.Images, images - first), to + ((nint)first * Classes));
    }

    // Some images, from one on, through all of the network. Returns the multiplications.
    private long Run(byte* pixels, int first, int images, float* logits)
    {
        Workers workers = _around.Workers;
        Times?.Begin();
        _batch.Begin(images, _net.Stem[^1].M, _net.Grid, _net.ClassToken.Length > 0);
        _stem.Run(pixels, _batch, workers);
        long macs = images * _stem.Macs;
        Times?.Mark(VisionPart.Stem);
        int block = 0, selector = 0;
        foreach ((IEntry? entry, Block[] blocks) in _stages)
        {
            if (entry is not null) macs += entry.Run(_batch, workers);
            Times?.Mark(VisionPart.Entry);
            foreach (Block one in blocks)
            {
                macs += one.Select(_batch);
                if (one.Scores is not null) Report(selector++, first);
                macs += one.Run(_batch);
                for (int image = 0; image < images; image++) _tokens[block][first + image] = _batch.Count(image);
                block++;
            }
        }
        macs += _readout.Run(_batch, logits, workers);
        Times?.Mark(VisionPart.Head);
        return macs;
    }

    private void Report(int selector, int first)
    {
        int places = _around.Sizes.Places;
        for (int image = 0; image < _batch.Images; image++)
        {
            int count = 0, at = (first + image) * places;
            for (int row = _batch.Start(image); row < _batch.Start(image) + _batch.Count(image); row++)
                if (_batch.Place(row) is >= 0 and int place) _kept[selector][at + count++] = place;
            _keptCounts[selector][first + image] = count;
        }
    }

    // Whether a block leaves its rows normed for the next one.
    private static bool Feeds(VisionStage stage, int block) => block >= 0 && block + 1 < stage.Blocks.Count && stage.Blocks[block + 1].Selector is null;

    // Places of the largest grid, or numbers of windows where those are more.
    private static int Numbers(VisionNet net, VisionSizes sizes) =>
        net.Stages.SelectMany(s => s.Blocks).Where(b => b.Window is not null).Select(b => new WindowBias(b.Window!).Numbers((int)Math.Sqrt(sizes.Places))).Append(sizes.Places).Max();
}
