using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>Another network chooses: it is run up to the attention of its last block, which says what is best.</summary>
internal sealed unsafe class SelectorChoice : IChoice
{
    private readonly Trunk _trunk;
    private readonly nint _image;   // bytes of one

    /// <param name="images">At most.</param>
    public SelectorChoice(VisionNet selector, Workers workers, int images) =>
        (_trunk, _image) = (new Trunk(selector, workers, images), (nint)selector.Input.Channels * selector.Input.Side * selector.Input.Side);

    public long Plan(byte* pixels, VisionBatch batch, Workers workers)
    {
        batch.Plan();
        long macs = 0;
        int next = 0, most = _trunk.Around.Sizes.Images;
        for (int first = 0; first < batch.Images; first += most)
        {
            macs += Choose(pixels + (first * _image), Math.Min(most, batch.Images - first));
            for (int image = 0; image < _trunk.Batch.Images; image++) next = Add(batch, first + image, image, next);
        }
        return macs;
    }

    // Leaves the best patches of some images planned in its own batch.
    private long Choose(byte* pixels, int images)
    {
        Block[] blocks = _trunk.Stages[0].Blocks;
        long macs = _trunk.Embed(pixels, images);
        for (int i = 0; i < blocks.Length; i++)
        {
            macs += blocks[i].Select(_trunk.Batch);
            macs += i < blocks.Length - 1 ? blocks[i].Run(_trunk.Batch) : blocks[i].Choose(_trunk.Batch);
        }
        return macs;
    }

    private int Add(VisionBatch batch, int image, int own, int next)
    {
        int start = batch.Start(image), lead = batch.Place(start) < 0 ? 1 : 0;
        if (lead > 0) batch.Add(next++, start, batch.Place(start));
        for (int row = _trunk.Batch.NextStart(own), end = row + _trunk.Batch.NextCount(own); row < end; row++)
            if (_trunk.Batch.NextPlace(row) is >= 0 and int place) batch.Add(next++, start + lead + place, place);
        batch.Close(image, next);
        return next;
    }
}
