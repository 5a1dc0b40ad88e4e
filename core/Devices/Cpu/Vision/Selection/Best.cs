using System.Numerics;
using System.Runtime.Intrinsics;
using Hone.Devices.Cpu.Vision.Heads;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>The best patches of each image, and which of them see each other from then on (<see cref="BestPatches"/>).</summary>
/// <param name="heads">They keep the attention that decides.</param>
/// <param name="images">At most.</param>
/// <param name="tokens">Of an image, at most.</param>
internal sealed unsafe class Best(BestPatches best, RaggedHeads heads, int images, int tokens)
{
    private const float Gone = -1;   // below every attention
    private readonly RowBuffer _most = new(RowBuffer.Floats(best.Links < 1 ? images : 0, tokens));

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
            if (Links) new Span<float>(Most(image), others + 1).Fill(Gone);
            Add(start);
            if (kept > 0)
            {
                float* means = heads.Mean(Links ? start : image) + 1;
                float least = Largest.Least(means, others, kept);
                int equals = kept;
                for (int j = 0; j < others; j++)
                    if (means[j] > least) equals--;
                for (int j = 0; j < others; j++)
                    if (means[j] > least || (means[j] == least && equals-- > 0))
                    {
                        Add(start + 1 + j);
                        if (Links) Most(image)[1 + j] = float.PositiveInfinity;
                    }
            }
            batch.Close(image, next);
        }
        return next < batch.Rows;

        void Add(int row) => batch.Add(next++, row, batch.Place(row));
    }

    /// <summary>Which places a patch sees that goes on: those of the largest attention, and itself.</summary>
    /// <param name="row">The next row.</param>
    public void Link(VisionBatch batch, int image, int row)
    {
        ulong* links = batch.NextLinks(row);
        new Span<ulong>(links, batch.Words).Clear();
        if (batch.NextPlace(row) < 0) return;
        int start = batch.Start(image), count = batch.Count(image), seen = (int)Math.Ceiling(best.Links * (batch.NextCount(image) - 1));
        float* means = heads.Mean(batch.From[row]);
        Runtime.Functions.Map.Run<Runtime.Functions.Least>(means, Most(image), means, count);
        float least = Largest.Least(means, count, seen);
        Set(batch.NextPlace(row));
        int i = 0;
        for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
            for (uint found = Vector256.GreaterThanOrEqual(Vector256.Load(means + i), Vector256.Create(least)).ExtractMostSignificantBits(); found != 0; found &= found - 1) See(i + BitOperations.TrailingZeroCount(found));
        for (; i < count; i++)
            if (means[i] >= least) See(i);

        void See(int token)
        {
            if (batch.Place(start + token) is >= 0 and int other) Set(other);
        }

        void Set(int at) => links[at / VisionBatch.WordBits] |= 1UL << (at % VisionBatch.WordBits);
    }

    // [n]: what a token's attention is at most: nothing where it does not go on, or is the class token.
    private float* Most(int image) => _most.As(images, tokens).Row(image);
}
