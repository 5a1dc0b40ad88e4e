using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Gemm.Inputs;

namespace Hone.Devices.Cpu.Runtime.Heads;

/// <summary>
/// Attention in 8-bit codes: queries and keys with a scale for each, values with one for each column of a head, and weights e^(score - largest score) in 127ths, divided by the sum of their codes. Scores
/// are floats.
/// </summary>
internal sealed unsafe class CodeHeads : HeadStep
{
    private readonly CodedMemory _memory;
    private readonly Buffer64<float> _scores, _noBias;
    private readonly Buffer64<sbyte> _queries, _weights;
    private readonly int _padded;

    /// <param name="shape">Without a cache: one new value may change the scale of its column.</param>
    /// <param name="parts">Workers that will run it.</param>
    public CodeHeads(AttentionShape shape, int parts) : base(shape, TileKernel.Byte[^1])
    {
        (_memory, _padded, _noBias) = (new CodedMemory(shape, Tile, parts), Tile.Padded(shape.Keys), new Buffer64<float>(Tile.Columns));
        (_scores, _weights) = (new Buffer64<float>(checked(parts * Rows * _padded)), new Buffer64<sbyte>(checked(parts * Rows * _padded)));
        _queries = new Buffer64<sbyte>(parts * Rows * _memory.RowBytes);
    }

    /// <summary>Whether the processor multiplies four codes at a time; where it does not, floats are as fast.</summary>
    public static bool AreFaster => TileKernel.Byte[^1] is { Step: CodedMemory.Codes, InputBytes: sizeof(sbyte) };

    protected override void Remember(float* x, Workers workers) => _memory.Take(x, workers);

    protected override void Block(int part, int batch, int head, int query, int rows)
    {
        int memory = batch * Shape.KvHeads + head * Shape.KvHeads / Shape.Heads, width = Shape.Width;
        (int first, int last) = Seen(query, rows);
        float* scores = _scores.Pointer + (nint)part * Rows * _padded, rowScales = stackalloc float[Rows];
        int* rowOffsets = stackalloc int[Rows];
        sbyte* queries = _queries.Pointer + (nint)part * Rows * _memory.RowBytes, weights = _weights.Pointer + (nint)part * Rows * _padded;
        for (int r = 0; r < rows; r++)
        {
            float* x = X + Shape.Query(batch, head, query + r);
            float most = Rounding.Magnitude(x, width);
            rowScales[r] = most / Rounding.Largest;
            rowOffsets[r] = -Tile.WeightOffset * Rounding.Bytes(x, queries + (nint)r * _memory.RowBytes, Rounding.Inverse(most), width);
        }
        var call = new TileCall
        {
            XStride = _memory.RowBytes, YStride = _padded * sizeof(float), Steps = _memory.RowBytes / CodedMemory.Codes, Columns = Tile.Columns,
            RowScales = rowScales, RowOffsets = rowOffsets, Addend = _noBias.Pointer, Last = 1,
        };
        for (int key = first; key < last; key += Tile.Columns)
        {
            call.Scales = _memory.KeyScales(memory) + key;
            Product(call, queries, _memory.Keys(memory, key), scores + (key - first), rows);
        }

        // All maxima first: they do not wait for each other, nor the exponentials for them.
        float* tops = stackalloc float[Rows];
        int seen = Tile.Padded(last - first);
        for (int r = 0; r < rows; r++) tops[r] = Top(scores + (nint)r * _padded, query + r, first, seen);
        for (int r = 0; r < rows; r++)
        {
            float* row = scores + (nint)r * _padded;
            Functions.Rows.Exponentials(row, row, seen, tops[r], 1);
            int sum = Rounding.Bytes(row, weights + (nint)r * _padded, Rounding.Largest, seen);
            (rowScales[r], rowOffsets[r]) = (1f / sum, -Tile.WeightOffset * sum);
        }

        int stride = Shape.Heads * width;
        float* y = Y + (nint)(batch * Shape.Queries + query) * stride + head * width;
        (call.XStride, call.YStride, call.Steps) = (_padded, stride * sizeof(float), (last - first + CodedMemory.Codes - 1) / CodedMemory.Codes);
        for (int c = 0; c < width; c += Tile.Columns)
        {
            call.Columns = Math.Min(Tile.Columns, width - c);
            call.Scales = _memory.ValueScales(memory) + c;
            Product(call, weights, _memory.Values(memory, c, first), y + c, rows);
        }
    }
}
