using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Runtime.Heads;

/// <summary>softmax(q k^T / sqrt(width)) v with the tiles of float products, a block of queries of a head at a time; the workers share the blocks. Panels of keys that no query of a block sees are not multiplied.</summary>
internal sealed unsafe class HeadStep : Step
{
    private const int Tiles = 2;   // of a block: its scores stay in the first cache for some hundreds of keys
    private static readonly TileKernel s_tile = AttentionShape.Tile;
    private static readonly int s_rows = Tiles * s_tile.Rows;
    private readonly AttentionShape _shape;
    private readonly Memory _memory;
    private readonly Buffer64<float> _scores;
    private readonly float _scale;
    private float* _x, _y;

    /// <param name="parts">Workers that will run it.</param>
    public HeadStep(AttentionShape shape, Memory memory, int parts) =>
        (_shape, _memory, _scale, _scores) = (shape, memory, 1 / MathF.Sqrt(shape.Width), new Buffer64<float>(checked(parts * s_rows * shape.KeysPadded)));

    public void Run(float* x, float* y, Workers workers)
    {
        _x = x;
        _y = y;
        workers.Run(this);
    }

    protected internal override void Part(int part, int parts)
    {
        int blocks = (_shape.Queries + s_rows - 1) / s_rows;
        (int from, int to) = Share(_shape.Batch * _shape.Heads * blocks, part, parts);
        float* scores = _scores.Pointer + (nint)part * s_rows * _shape.KeysPadded;
        for (int i = from; i < to; i++)
        {
            int head = i / blocks;
            (int query, int end) = Share(_shape.Queries, i % blocks, blocks);
            Block(head / _shape.Heads, head % _shape.Heads, query, end - query, scores);
        }
    }

    private void Block(int batch, int head, int query, int rows, float* scores)
    {
        int kvHead = head * _shape.KvHeads / _shape.Heads, padded = _shape.KeysPadded, width = _shape.Width, columns = s_tile.Columns;
        int first = _shape.Seen(query).From / columns * columns, last = _shape.Seen(query + rows - 1).To;
        var call = new TileCall { XStride = _shape.QueryStride * sizeof(float), YStride = padded * sizeof(float), Steps = width, Columns = columns, First = 1 };
        for (int key = first; key < last; key += columns) Product(&call, _x + _shape.Query(batch, head, query), _memory.Keys(batch, kvHead, key), scores + (key - first), rows);

        // All maxima first: they do not wait for each other, nor the exponentials for them.
        float* tops = stackalloc float[s_rows], inverses = stackalloc float[s_rows];
        int seen = s_tile.Padded(last - first);
        for (int r = 0; r < rows; r++) tops[r] = Top(scores + (nint)r * padded, _shape.Seen(query + r), first, seen);
        for (int r = 0; r < rows; r++) inverses[r] = 1 / Functions.Rows.Exponentials(scores + (nint)r * padded, scores + (nint)r * padded, seen, tops[r], _scale);

        float* y = _y + ((nint)(batch * _shape.Queries + query) * _shape.Heads + head) * width;
        int stride = _shape.Heads * width;
        call = new TileCall { XStride = padded * sizeof(float), YStride = stride * sizeof(float), Steps = last - first, First = 1 };
        for (int c = 0; c < width; c += columns)
        {
            call.Columns = Math.Min(columns, width - c);
            Product(&call, scores, _memory.Values(batch, kvHead, c, first), y + c, rows);
        }
        for (int r = 0; r < rows; r++) Functions.Rows.Times(y + (nint)r * stride, inverses[r], y + (nint)r * stride, width);
    }

    private static void Product(TileCall* call, float* x, float* panel, float* y, int rows)
    {
        int tiles = (rows + s_tile.Rows - 1) / s_tile.Rows;
        call->Panel = (byte*)panel;
        for (int tile = 0; tile < tiles; tile++)
        {
            (int from, int to) = Share(rows, tile, tiles);
            call->X = (byte*)x + from * call->XStride;
            call->Y = (byte*)y + from * call->YStride;
            s_tile.Run(call, to - from);
        }
    }

    // The largest of the scores that this query sees; the others become those of weight 0.
    private static float Top(float* scores, (int From, int To) seen, int first, int count)
    {
        (int from, int to) = (seen.From - first, seen.To - first);
        new Span<float>(scores, from).Fill(float.NegativeInfinity);
        new Span<float>(scores + to, count - to).Fill(float.NegativeInfinity);
        return Functions.Rows.Top(scores, count);
    }
}
