using static Hone.Devices.Cpu.Runtime.Heads.FourRows;

namespace Hone.Devices.Cpu.Runtime.Heads;

/// <summary>softmax(q k^T / sqrt(width)) v, four queries of a head at a time; the workers share these. Keys that none of the four sees are not multiplied.</summary>
internal sealed unsafe class HeadStep : Step
{
    private readonly AttentionShape _shape;
    private readonly Memory _memory;
    private readonly Buffer64<float> _scores, _sums;
    private readonly float _scale;
    private float* _x, _y;

    /// <param name="parts">Workers that will run it.</param>
    public HeadStep(AttentionShape shape, Memory memory, int parts)
    {
        (_shape, _memory, _scale) = (shape, memory, 1 / MathF.Sqrt(shape.Width));
        (_scores, _sums) = (new Buffer64<float>(checked(parts * Rows * shape.KeysPadded)), new Buffer64<float>(parts * Rows * shape.WidthPadded));
    }

    public void Run(float* x, float* y, Workers workers)
    {
        _x = x;
        _y = y;
        workers.Run(this);
    }

    protected internal override void Part(int part, int parts)
    {
        int blocks = (_shape.Queries + Rows - 1) / Rows;
        (int from, int to) = Share(_shape.Batch * _shape.Heads * blocks, part, parts);
        float* scores = _scores.Pointer + (nint)part * Rows * _shape.KeysPadded, sums = _sums.Pointer + (nint)part * Rows * _shape.WidthPadded;
        for (int i = from; i < to; i++)
        {
            (int head, int query) = (i / blocks, i % blocks * Rows);
            Block(head / _shape.Heads, head % _shape.Heads, query, Math.Min(Rows, _shape.Queries - query), scores, sums);
        }
    }

    private void Block(int batch, int head, int query, int rows, float* scores, float* sums)
    {
        int kvHead = head * _shape.KvHeads / _shape.Heads, padded = _shape.KeysPadded, width = _shape.WidthPadded;
        int first = _shape.Seen(query).From / AttentionShape.Padding * AttentionShape.Padding, last = _shape.Seen(query + rows - 1).To;
        int columns = (last - first + AttentionShape.Padding - 1) / AttentionShape.Padding * AttentionShape.Padding;
        float* inverses = stackalloc float[Rows];
        Product(_x + _shape.Query(batch, head, query), _shape.QueryStride, rows, _memory.Keys(batch, kvHead) + first, padded, _shape.Width, scores, padded, columns);
        for (int r = 0; r < rows; r++) inverses[r] = 1 / Weigh(scores + (nint)r * padded, _shape.Seen(query + r), first, last - first);
        Product(scores, padded, rows, _memory.Values(batch, kvHead) + (nint)first * width, width, last - first, sums, width, width);
        for (int r = 0; r < rows; r++)
        {
            float* to = _y + ((nint)(batch * _shape.Queries + query + r) * _shape.Heads + head) * _shape.Width;
            Functions.Rows.Times(sums + (nint)r * width, inverses[r], to, _shape.Width);
        }
    }

    // Scores of the keys from the block's first on become weights, those that this query does not see 0; gives the sum of weights.
    private float Weigh(float* scores, (int From, int To) seen, int first, int count)
    {
        (int from, int to) = (seen.From - first, seen.To - first);
        float sum = Functions.Rows.Exponentials(scores + from, scores + from, to - from, _scale);
        new Span<float>(scores, from).Clear();
        new Span<float>(scores + to, count - to).Clear();
        return sum;
    }
}
