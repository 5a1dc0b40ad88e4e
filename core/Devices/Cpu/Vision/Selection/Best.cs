using Hone.Devices.Cpu.Vision.Heads;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>The best patches of each image, and which of them see each other from then on (<see cref="BestPatches"/>).</summary>
internal sealed unsafe class Best(BestPatches best, RaggedHeads heads)
{
    /// <summary>Whether patches see a part of the others from here on.</summary>
    public bool Links => best.Links < 1;

    /// <summary>Plans the rows that go on: the class token and the best of the others, in their order. Returns whether anything was dropped.</summary>
    public bool Plan(VisionBatch batch)
    {
        batch.Plan();
        int next = 0;
        for (int image = 0; image < batch.Images; image++)
        {
            int start = batch.Start(image), others = batch.Count(image) - 1, kept = (int)Math.Ceiling(best.Keep * others);
            batch.Add(next++, start, VisionToken.Class);
            if (kept > 0)
            {
                float* means = heads.Mean(Links ? start : image) + 1;
                float least = Largest.Least(means, others, kept);
                int equals = kept;
                for (int j = 0; j < others; j++)
                    if (means[j] > least) equals--;
                for (int j = 0; j < others; j++)
                    if (means[j] > least || (means[j] == least && equals-- > 0)) batch.Add(next++, start + 1 + j, batch.Place(start + 1 + j));
            }
            batch.Close(image, next);
        }
        return next < batch.Rows;
    }

    /// <summary>Which places a patch sees that goes on: those of the largest attention, and itself.</summary>
    /// <param name="row">The next row.</param>
    /// <param name="values">Room for an image's tokens.</param>
    public void Link(VisionBatch batch, int image, int row, float* values)
    {
        int first = batch.NextStart(image) + 1, others = batch.NextCount(image) - 1, seen = (int)Math.Ceiling(best.Links * others), place = batch.NextPlace(row);
        ulong* links = batch.NextLinks(row);
        new Span<ulong>(links, batch.Words).Clear();
        if (place < 0) return;
        float* means = heads.Mean(batch.From[row]);
        for (int j = 0; j < others; j++) values[j] = means[batch.From[first + j] - batch.Start(image)];
        float least = Largest.Least(values, others, seen);
        Set(place);
        for (int j = 0; j < others; j++)
            if (values[j] >= least && batch.NextPlace(first + j) is >= 0 and int other) Set(other);

        void Set(int at) => links[at / VisionBatch.WordBits] |= 1UL << (at % VisionBatch.WordBits);
    }
}
