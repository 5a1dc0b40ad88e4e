using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Runtime.Heads;

/// <summary>Attention in floats.</summary>
internal sealed unsafe class FloatHeads : HeadStep
{
    private readonly Memory _memory;
    private readonly Buffer64<float> _scores;
    private readonly float _scale;

    /// <param name="before">Keys and values of a cache, [batch][key heads][keys][k | v]; else empty.</param>
    /// <param name="parts">Workers that will run it.</param>
    public FloatHeads(AttentionShape shape, ReadOnlySpan<float> before, int parts) : base(shape, AttentionShape.Tile) =>
        (_memory, _scale, _scores) = (new Memory(shape, before), 1 / MathF.Sqrt(shape.Width), new Buffer64<float>(checked(parts * Rows * shape.KeysPadded)));

    protected override void Remember(float* x, Workers workers) => _memory.Take(x, workers);

    protected override void Block(int part, int batch, int head, int query, int rows)
    {
        int kvHead = head * Shape.KvHeads / Shape.Heads, padded = Shape.KeysPadded, width = Shape.Width;
        (int first, int last) = Seen(query, rows);
        float* scores = _scores.Pointer + (nint)part * Rows * padded;
        var call = new TileCall { XStride = Shape.QueryStride * sizeof(float), YStride = padded * sizeof(float), Steps = width, Columns = Tile.Columns };
        for (int key = first; key < last; key += Tile.Columns) Product(call, X + Shape.Query(batch, head, query), _memory.Keys(batch, kvHead, key), scores + (key - first), rows);

        // All maxima first: they do not wait for each other, nor the exponentials for them.
        float* tops = stackalloc float[Rows], inverses = stackalloc float[Rows];
        int seen = Tile.Padded(last - first);
        for (int r = 0; r < rows; r++) tops[r] = Top(scores + (nint)r * padded, query + r, first, seen);
        for (int r = 0; r < rows; r++) inverses[r] = 1 / Functions.Rows.Exponentials(scores + (nint)r * padded, scores + (nint)r * padded, seen, tops[r], _scale);

        int stride = Shape.Heads * width;
        float* y = Y + (nint)(batch * Shape.Queries + query) * stride + head * width;
        call = new TileCall { XStride = padded * sizeof(float), YStride = stride * sizeof(float), Steps = last - first };
        for (int c = 0; c < width; c += Tile.Columns)
        {
            call.Columns = Math.Min(Tile.Columns, width - c);
            Product(call, scores, _memory.Values(batch, kvHead, c, first), y + c, rows);
        }
        for (int r = 0; r < rows; r++) Functions.Rows.Times(y + (nint)r * stride, inverses[r], y + (nint)r * stride, width);
    }
}
