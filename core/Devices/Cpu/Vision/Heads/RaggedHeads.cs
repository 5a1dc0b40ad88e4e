using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Runtime.Functions;

namespace Hone.Devices.Cpu.Vision.Heads;

/// <summary>
/// softmax(q k^T / sqrt(d)) v of the tokens of each image among themselves, images of any numbers of tokens. A piece is a tile of queries, for all heads; whoever begins an image takes its keys and values to panels.
/// Where tokens see few others, their keys are listed and multiplied one by one; where they see many, all are multiplied and the unseen ones weigh nothing.
/// </summary>
internal sealed unsafe class RaggedHeads : PieceStep
{
    /// <summary>Share of all pairs up to which listed keys are faster than masked ones.</summary>
    private const double MostListed = 0.5;

    private readonly TileKernel _tile = TileKernel.Float[^1];
    private readonly HeadPanels _panels;
    private readonly SeenRows _seen;
    private readonly RowBuffer _means;
    private readonly Buffer64<float> _scores, _masks;
    private readonly Buffer64<int> _lists;
    private readonly bool[] _taken;
    private readonly long[] _pairs;
    private readonly int _tokens, _meanRows;
    private HeadKind _kind = null!;
    private TokenRows _x, _y;
    private float _scale;

    /// <param name="parts">Workers.</param>
    /// <param name="largest">The largest image for each kind of block.</param>
    /// <param name="numbers">Places of the largest grid, or numbers of windows where those are more; 0 where every token sees every other.</param>
    /// <param name="means">Rows whose attention is kept, at most.</param>
    public RaggedHeads(int parts, IReadOnlyList<HeadSizes> largest, int numbers, int means)
    {
        (_tokens, _meanRows) = (largest.Max(s => s.Count), means);
        (_panels, _seen, _means) = (new HeadPanels(parts, largest), new SeenRows(parts, numbers > 0 ? _tokens : 0, numbers), new RowBuffer(RowBuffer.Floats(means, _tokens)));
        (_scores, _lists) = (new Buffer64<float>(checked(parts * _tile.Rows * Stride(_tokens))), new Buffer64<int>(numbers > 0 ? checked(parts * _tile.Rows * _tokens) : 0));
        _masks = new Buffer64<float>(numbers > 0 ? _scores.Count : 0);
        (_taken, _pairs) = (new bool[parts], new long[parts]);
    }

    // Floats from one row of scores to the next.
    private int Stride(int count) => RowBuffer.Stride(_tile.Padded(count));

    /// <summary>Attention added up over heads, [n] of a row of the batch where that of all tokens was kept, of an image where that of class tokens was.</summary>
    public float* Mean(int row) => _means.As(_meanRows, _tokens).Row(row);

    /// <summary>Runs a block's; returns how many pairs of tokens it multiplied, once for all heads.</summary>
    /// <param name="x">[R][q of all heads | k | v].</param>
    /// <param name="y">[R][h][d].</param>
    public long Run(VisionBatch batch, HeadKind kind, TokenRows x, TokenRows y, Workers workers)
    {
        (_kind, _x, _y, _scale) = (kind, x, y, 1 / MathF.Sqrt(kind.Width));
        Array.Clear(_pairs);
        Run(batch, squares: true, workers);
        long pairs = 0;
        foreach (long some in _pairs) pairs += some;
        return pairs;
    }

    private bool Lists => _kind.Window is not null || Batch.Linked;

    private HeadSizes Sizes(int image) => new(_kind.Heads, _kind.Width, Batch.Count(image));

    // An even number where there are several: two workers, or four, wait little for each other.
    protected override int Pieces(int rows) => rows <= _tile.Rows ? 1 : 2 * ((rows + (2 * _tile.Rows) - 1) / (2 * _tile.Rows));

    protected override void Enter(int part, int image)
    {
        _taken[part] = false;
        if (Lists) _seen.Enter(part, Batch, image, _kind.Window);
    }

    protected override void Piece(int part, int image, int piece, int pieces)
    {
        (int from, int to) = Share(Batch.Count(image), piece, pieces);
        int rows = to - from, all = rows * Batch.Count(image), listed = 0;
        int* lists = _lists.Pointer + (nint)part * _tile.Rows * _tokens, counts = stackalloc int[rows];
        for (int r = 0; r < rows && Lists; r++) listed += counts[r] = _seen.List(part, Batch, image, from + r, _kind.Window, lists + (nint)r * _tokens);
        bool few = Lists && (_kind.Window is not null || listed <= MostListed * all);
        _pairs[part] += few ? listed : all;
        if (few) Listed(part, image, from, rows, lists, counts);
        else Dense(part, image, from, rows, Lists ? lists : null, counts);
    }

    private void Dense(int part, int image, int from, int rows, int* lists, int* counts)
    {
        HeadSizes s = Sizes(image);
        TokenRows x = _x.From(Batch.Start(image)), y = _y.From(Batch.Start(image) + from);
        if (!_taken[part]) _panels.Take(part, s, x);
        _taken[part] = true;
        float* scores = _scores.Pointer + (nint)part * _tile.Rows * Stride(_tokens), tops = stackalloc float[rows], inverses = stackalloc float[rows];
        nint stride = Stride(s.Count);
        int whole = Whole(s.Count);
        float* masks = _masks.Pointer + (nint)part * _tile.Rows * Stride(_tokens);
        for (int r = 0; r < rows && lists != null; r++) Mask(masks + r * stride, s.Count, lists + (nint)r * _tokens, counts[r]);
        for (int head = 0; head < s.Heads; head++)
        {
            var call = new TileCall { X = (byte*)(x.Row(from) + head * s.Width), XStride = x.Bytes, YStride = stride * sizeof(float), Steps = s.Width, Columns = _tile.Columns, First = 1 };
            for (int key = 0; key < s.Count; key += _tile.Columns)
            {
                call.Panel = (byte*)_panels.Keys(part, s, head, key);
                call.Y = (byte*)(scores + key);
                _tile.Run(&call, rows);
            }
            // All maxima first: they do not wait for each other, nor the exponentials for them.
            for (int r = 0; r < rows; r++)
            {
                float* row = scores + r * stride;
                new Span<float>(row + s.Count, whole - s.Count).Fill(float.NegativeInfinity);
                if (lists != null) Map.Run<Least>(row, masks + r * stride, row, s.Count);
                tops[r] = Rows.Top(row, whole);
            }
            for (int r = 0; r < rows; r++) inverses[r] = 1 / Rows.Exponentials(scores + r * stride, scores + r * stride, whole, tops[r], _scale);
            call = new TileCall { X = (byte*)scores, XStride = stride * sizeof(float), YStride = y.Bytes, Steps = s.Count, First = 1 };
            for (int c = 0; c < s.Width; c += _tile.Columns)
            {
                call.Panel = (byte*)_panels.Values(part, s, head, c);
                call.Y = (byte*)(y.Row(0) + head * s.Width + c);
                call.Columns = Math.Min(_tile.Columns, s.Width - c);
                _tile.Run(&call, rows);
            }
            for (int r = 0; r < rows; r++) Rows.Times(y.Row(r) + head * s.Width, inverses[r], y.Row(r) + head * s.Width, s.Width);
            for (int r = 0; r < rows && MeanOf(image, from + r) is var mean && mean != null; r++)
                if (head == 0) Rows.Times(scores + r * stride, inverses[r], mean, s.Count);
                else Rows.AddTimes(scores + r * stride, inverses[r], mean, s.Count);
        }
    }

    private void Listed(int part, int image, int from, int rows, int* lists, int* counts)
    {
        HeadSizes s = Sizes(image);
        TokenRows x = _x.From(Batch.Start(image)), y = _y.From(Batch.Start(image));
        float* scores = _scores.Pointer + (nint)part * _tile.Rows * Stride(_tokens);
        int all = s.Heads * s.Width, start = Batch.Start(image);
        for (int head = 0; head < s.Heads; head++)   // rows of a head share keys and values
            for (int r = 0; r < rows; r++)
            {
                int token = from + r, count = counts[r];
                int* list = lists + (nint)r * _tokens;
                float* q = x.Row(token) + head * s.Width, k = x.Row(0) + all + head * s.Width;
                float scale = _scale;
                ListedKeys.Scores(q, k, x.Stride, list, count, s.Width, scores);
                if (_kind.Window is { } window)
                {
                    for (int t = 0; t < count; t++) scores[t] = scores[t] * scale + window.Of(head, Batch.Grid, Batch.Place(start + token), Batch.Place(start + list[t]));
                    scale = 1;
                }
                int whole = Whole(count);
                new Span<float>(scores + count, whole - count).Fill(float.NegativeInfinity);
                float inverse = 1 / Rows.Exponentials(scores, scores, whole, Rows.Top(scores, whole), scale);
                ListedKeys.Sum(scores, k + all, x.Stride, list, count, s.Width, inverse, y.Row(token) + head * s.Width);
                if (MeanOf(image, token) is var mean && mean == null) continue;
                if (head == 0) new Span<float>(mean, s.Count).Clear();
                for (int t = 0; t < count; t++) mean[list[t]] += scores[t] * inverse;
            }
    }

    // Where a token's attention is kept; null: it is not.
    private float* MeanOf(int image, int token) => _kind.Means switch
    {
        Means.All => Mean(Batch.Start(image) + token),
        Means.ClassToken when token == 0 => Mean(image),
        _ => null,
    };

    // Whole vectors.
    private static int Whole(int count) => (count + System.Numerics.Vector<float>.Count - 1) / System.Numerics.Vector<float>.Count * System.Numerics.Vector<float>.Count;

    // What scores are at most: those that are not listed are nothing.
    private static void Mask(float* mask, int count, int* list, int listed)
    {
        new Span<float>(mask, count).Fill(float.NegativeInfinity);
        for (int t = 0; t < listed; t++) mask[list[t]] = float.PositiveInfinity;
    }
}
