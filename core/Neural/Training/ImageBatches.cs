using Hone.Model;

namespace Hone.Neural.Training;

/// <summary>How training images are changed from step to step.</summary>
/// <param name="Crop">Random shifts by up to so many pixels, black behind the border; 0: none.</param>
/// <param name="Flip">Mirror half of the images.</param>
public sealed record Augmentation(int Crop, bool Flip)
{
    public static Augmentation None { get; } = new(0, false);
}

/// <summary>Which images an epoch presents, and in which order.</summary>
internal interface IImageOrder
{
    /// <summary>Images of an epoch; the same for all.</summary>
    int Count { get; }

    /// <summary>Their numbers. Epochs are asked for in order, the same one perhaps again.</summary>
    int[] Epoch(long epoch);
}

/// <summary>The first so many images, each epoch in an order of its own.</summary>
internal sealed class AllImages(ulong seed, int count) : IImageOrder
{
    public int Count => count;

    public int[] Epoch(long epoch) => new Chance(seed, Streams.Order, (uint)epoch).Permutation(count);
}

/// <summary>Draws the batches: each epoch its own order, each step its own crops and mirrorings, all functions of the seed and the step.</summary>
internal sealed class ImageBatches(ImageSet train, IImageOrder order, int batch, Augmentation augmentation, ulong seed, PatchReader reader)
{
    private int[] _order = [];             // (N): this epoch's order of images
    private long _orderEpoch = -1;

    /// <summary>Numbers of the batch drawn last, (B, patches, K0).</summary>
    public float[] Values { get; } = new float[batch * reader.Patches * reader.PatchSize];

    public int Batch => batch;

    public long PerEpoch { get; } = order.Count / batch;

    /// <summary>Fills <see cref="Values"/> and returns the batch's image numbers (B).</summary>
    public ReadOnlySpan<int> Draw(long step)
    {
        long epoch = step / PerEpoch;
        if (_orderEpoch != epoch) (_order, _orderEpoch) = (order.Epoch(epoch), epoch);
        ReadOnlySpan<int> images = _order.AsSpan((int)(step % PerEpoch) * batch, batch);
        var chance = new Chance(seed, Streams.Augmentation, (uint)step);
        int crop = augmentation.Crop;
        for (int i = 0; i < images.Length; i++)
        {
            int dx = chance.Next(2 * crop + 1) - crop, dy = chance.Next(2 * crop + 1) - crop;
            Write(images[i], i, dx, dy, augmentation.Flip && chance.Happens(0.5));
        }
        return images;
    }

    /// <summary>The images that the first steps draw, each once, ascending.</summary>
    public static int[] Drawn(ulong seed, int count, int batch, long steps)
    {
        int perEpoch = count / batch;
        if (steps >= perEpoch && count % batch == 0) return [.. Enumerable.Range(0, count)];
        var drawn = new SortedSet<int>();
        var order = new AllImages(seed, count);
        for (long epoch = 0; epoch * perEpoch < steps; epoch++)
            drawn.UnionWith(order.Epoch(epoch).AsSpan(0, (int)Math.Min(perEpoch, steps - epoch * perEpoch) * batch).ToArray());
        return [.. drawn];
    }

    /// <summary>Fills the leading part of <see cref="Values"/> with images as they are.</summary>
    public void Plain(ReadOnlySpan<int> images)
    {
        for (int i = 0; i < images.Length; i++) Write(images[i], i, 0, 0, false);
    }

    private void Write(int image, int place, int dx, int dy, bool mirror)
    {
        int length = reader.Patches * reader.PatchSize;
        reader.Write(train.Pixels.AsSpan(image * train.Stride, train.Stride), Values.AsSpan(place * length, length), dx, dy, mirror);
    }
}
