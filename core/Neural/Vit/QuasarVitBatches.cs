using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>Draws the batches: each epoch its own order, each step its own crops and mirrorings, all functions of the seed and the step.</summary>
internal sealed class QuasarVitBatches(QuasarVitConfig config, ImageSet train, int count)
{
    private readonly QuasarVitInput _input = new(config, train);
    private int[] _order = [];             // (N): this epoch's order of images
    private long _orderEpoch = -1;

    /// <summary>Input codes of the batch drawn last, (B, patches, K0).</summary>
    public float[] Codes { get; } = new float[config.Batch * config.Patches * config.PatchSize];

    public long PerEpoch { get; } = count / config.Batch;

    /// <summary>Fills <see cref="Codes"/> and returns the batch's image numbers (B).</summary>
    public ReadOnlySpan<int> Draw(long step)
    {
        long epoch = step / PerEpoch;
        if (_orderEpoch != epoch) (_order, _orderEpoch) = (Order(config, count, epoch), epoch);
        ReadOnlySpan<int> images = _order.AsSpan((int)(step % PerEpoch) * config.Batch, config.Batch);
        var chance = new Chance(config.Seed, Streams.Augmentation, (uint)step);
        int crop = config.Crop;
        for (int i = 0; i < images.Length; i++)
        {
            int dx = chance.Next(2 * crop + 1) - crop, dy = chance.Next(2 * crop + 1) - crop;
            Write(images[i], i, dx, dy, config.Flip && chance.Happens(0.5));
        }
        return images;
    }

    /// <summary>The images that the first steps draw, each once, ascending.</summary>
    /// <param name="count">Training images.</param>
    public static int[] Drawn(QuasarVitConfig config, int count, long steps)
    {
        int perEpoch = count / config.Batch;
        if (steps >= perEpoch && count % config.Batch == 0) return [.. Enumerable.Range(0, count)];
        var drawn = new SortedSet<int>();
        for (long epoch = 0; epoch * perEpoch < steps; epoch++)
            drawn.UnionWith(Order(config, count, epoch).AsSpan(0, (int)Math.Min(perEpoch, steps - epoch * perEpoch) * config.Batch).ToArray());
        return [.. drawn];
    }

    private static int[] Order(QuasarVitConfig config, int count, long epoch) => new Chance(config.Seed, Streams.Order, (uint)epoch).Permutation(count);

    /// <summary>Fills the leading part of <see cref="Codes"/> with images as they are.</summary>
    public void Plain(ReadOnlySpan<int> images)
    {
        for (int i = 0; i < images.Length; i++) Write(images[i], i, 0, 0, false);
    }

    private void Write(int image, int place, int dx, int dy, bool mirror)
    {
        int length = config.Patches * config.PatchSize;
        _input.Write(train.Pixels.AsSpan(image * train.Stride, train.Stride), Codes.AsSpan(place * length, length), dx, dy, mirror);
    }
}
