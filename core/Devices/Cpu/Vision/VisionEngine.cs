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
    private readonly Trunk _trunk;
    private readonly IChoice? _choice;
    private readonly Readout _readout;
    private readonly ScoreStep[] _selectors;
    private readonly int[][] _tokens, _keptCounts, _kept;   // [blocks][images], [selectors][images], [selectors][images x places]

    /// <param name="workers">They run it; not to be disposed of before the last run.</param>
    /// <param name="images">The most of a run.</param>
    /// <exception cref="ArgumentException">The network contradicts itself, or has what the engine does not run; says what was expected and what came.</exception>
    public VisionEngine(VisionNet net, Workers workers, int images = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        net.Check();
        (_net, Capacity, _trunk) = (net, images, new Trunk(net, workers, images));
        VisionSizes sizes = _trunk.Around.Sizes;
        (_choice, _readout) = (IChoice.Of(net, workers, sizes.Images), new Readout(net, sizes.Images, workers.Count));
        Block[] blocks = [.. _trunk.Stages.SelectMany(s => s.Blocks)];
        _selectors = [.. blocks.Where(b => b.Scores is not null).Select(b => b.Scores!)];
        (_tokens, _keptCounts) = ([.. blocks.Select(_ => new int[images])], [.. _selectors.Select(_ => new int[images])]);
        _kept = [.. _keptCounts.Select(_ => new int[images * sizes.Places])];
    }

    /// <summary>The most images of a run.</summary>
    public int Capacity { get; }

    public int Classes => _net.Classes;

    /// <summary>Blocks that drop tokens before they begin.</summary>
    public int Selectors => _selectors.Length;

    /// <summary>Images that go through the network together.</summary>
    internal int Together => _trunk.Around.Sizes.Images;

    /// <summary>Images of the last run.</summary>
    public int Images { get; private set; }

    /// <summary>Multiplications of the last run's products, of the tokens that it ran, selectors included; in attention of the pairs that it multiplied.</summary>
    public long Macs { get; private set; }

    /// <summary>Where its time goes; null, as at first: it is not asked for.</summary>
    internal VisionTimes? Times
    {
        get => _trunk.Around.Times;
        set => _trunk.Around.Times = value;
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
        return _kept[selector].AsSpan(image * _trunk.Around.Sizes.Places, _keptCounts[selector][image]);
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
            for (int first = 0; first < images; first += _trunk.Around.Sizes.Images)
                Macs += Run(from + (first * image), first, Math.Min(_trunk.Around.Sizes.Images, images - first), to + ((nint)first * Classes));
    }

    // Some images, from one on, through all of the network. Returns the multiplications.
    private long Run(byte* pixels, int first, int images, float* logits)
    {
        Workers workers = _trunk.Around.Workers;
        VisionBatch batch = _trunk.Batch;
        Times?.Begin();
        long macs = _trunk.Embed(pixels, images);
        Times?.Mark(VisionPart.Stem);
        if (_choice is not null)
        {
            macs += _choice.Plan(pixels, batch, workers);
            _trunk.Around.Moves.Run(batch, workers);
            Times?.Mark(VisionPart.Scores);
        }
        int block = 0, selector = 0;
        foreach ((IEntry? entry, Block[] blocks) in _trunk.Stages)
        {
            if (entry is not null) macs += entry.Run(batch, workers);
            Times?.Mark(VisionPart.Entry);
            foreach (Block one in blocks)
            {
                macs += one.Select(batch);
                if (one.Scores is not null) Report(selector++, first);
                macs += one.Run(batch);
                for (int image = 0; image < images; image++) _tokens[block][first + image] = batch.Count(image);
                block++;
            }
        }
        macs += _readout.Run(batch, logits, workers);
        Times?.Mark(VisionPart.Head);
        return macs;
    }

    private void Report(int selector, int first)
    {
        int places = _trunk.Around.Sizes.Places;
        for (int image = 0; image < _trunk.Batch.Images; image++)
        {
            int count = 0, at = (first + image) * places;
            for (int row = _trunk.Batch.Start(image); row < _trunk.Batch.Start(image) + _trunk.Batch.Count(image); row++)
                if (_trunk.Batch.Place(row) is >= 0 and int place) _kept[selector][at + count++] = place;
            _keptCounts[selector][first + image] = count;
        }
    }
}
