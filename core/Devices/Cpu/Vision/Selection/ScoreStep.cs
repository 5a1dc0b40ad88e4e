using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>
/// Scores tokens as <see cref="TokenSelector"/> says, in two steps: what a token's slices embed to, with sums of the global features; then, these being known, what each token scores. Letters: h heads, d a head's
/// slice, P rows of a piece.
/// </summary>
internal sealed unsafe class ScoreStep : PieceStep
{
    private const int Most = 28;   // P
    private readonly SelectorWeights _s;
    private readonly int _pieces, _rows;
    private readonly RowBuffer _slices, _hidden, _hidden2, _margin, _means, _headHidden, _headWeights, _sums, _biases;
    private readonly Buffer64<float> _margins, _keeps;
    private TokenRows _e;
    private int _scored;
    private bool _embedded;

    /// <param name="parts">Workers.</param>
    /// <param name="images">At most.</param>
    /// <param name="rows">At most.</param>
    /// <param name="group">Rows that are scored at once, at most.</param>
    /// <param name="tokens">Of an image, at most.</param>
    public ScoreStep(SelectorWeights selector, int parts, int images, int rows, int group, int tokens)
    {
        (_s, _pieces, _rows) = (selector, Pieces(tokens, Most), group);
        int slices = parts * Most * selector.Heads;
        (_slices, _hidden, _hidden2, _margin) = (Of(slices, selector.Slice), Of(slices, selector.Local.Outputs), Of(slices, selector.Fc2.Outputs), Of(slices, 1));
        (_means, _headHidden, _headWeights) = (Of(parts * Most, selector.Heads), Of(parts * Most, selector.HeadFc1.Outputs), Of(group, selector.Heads));
        (_sums, _biases) = (Of(images * _pieces * selector.Heads, selector.Half), Of(parts * selector.Heads, selector.Local.Padded));
        (_margins, _keeps) = (new Buffer64<float>(rows), new Buffer64<float>(rows));

        static RowBuffer Of(int rows, int width) => new(RowBuffer.Floats(rows, width));
    }

    public TokenSelector Selector => _s.Selector;

    /// <summary>[R]: what decides whether a token is kept; NaN where it is no patch.</summary>
    public float* Margins => _margins.Pointer;

    /// <summary><see cref="Margins"/> of the last run.</summary>
    public ReadOnlySpan<float> Decided => _margins.Span[.._scored];

    /// <summary>[R]: averaged probability to be kept.</summary>
    public float* Keeps => _keeps.Pointer;

    /// <summary>Floats that the embedded slices of so many rows take.</summary>
    public static long Floats(TokenSelector s, int rows) => RowBuffer.Floats(rows * s.Heads, s.Embed.M);

    /// <summary>Scores the rows of some images; returns the multiplications.</summary>
    /// <param name="e">Room for <see cref="Floats"/>.</param>
    public long Run(VisionBatch batch, (int First, int Last) images, RowBuffer e, Workers workers)
    {
        int rows = batch.Start(images.Last) - batch.Start(images.First);
        _e = e.As(rows * _s.Heads, _s.Embed.Outputs);
        _embedded = false;
        Run(batch, images, Most, squares: false, workers);
        _embedded = true;
        Run(batch, images, Most, squares: false, workers);
        _scored = batch.Start(images.Last);
        return rows * _s.Macs;
    }

    private int Heads => _s.Heads;

    private int Local(int image) => Batch.Start(image) - Batch.Start(First);

    // The first token of an image that is scored.
    private int FirstScored(int image) => Batch.Count(image) > 0 && Batch.Place(Batch.Start(image)) == VisionToken.Class ? 1 : 0;

    // [h][d/2] of a piece.
    private TokenRows Sums(int image, int piece) => _sums.As(Batch.Images * _pieces * Heads, _s.Half).From(((image - First) * _pieces + piece) * Heads);

    private TokenRows Biases(int part) => _biases.As((part + 1) * Heads, _s.Local.Padded).From(part * Heads);

    // What global features, means over an image's tokens, give to Fc1.
    protected override void Enter(int part, int image)
    {
        if (!_embedded) return;
        float* mean = stackalloc float[_s.Half];
        int pieces = Pieces(Batch.Count(image), Most), count = Math.Max(1, Batch.Count(image) - FirstScored(image));
        for (int head = 0; head < Heads; head++)
        {
            new Span<float>(mean, _s.Half).Clear();
            for (int piece = 0; piece < pieces; piece++) Rows.AddTimes(Sums(image, piece).Row(head), 1, mean, _s.Half);
            float* bias = Biases(part).Row(head);
            _s.Bias.Span.CopyTo(new Span<float>(bias, _s.Local.Outputs));
            for (int k = 0; k < _s.Half; k++) Rows.AddTimes(_s.Global.Pointer + k * _s.Local.Outputs, mean[k] / count, bias, _s.Local.Outputs);
        }
    }

    protected override void Piece(int part, int image, int piece, int from, int to)
    {
        if (_embedded) Score(part, image, from, to - from);
        else Embed(part, image, piece, from, to - from);
    }

    private void Embed(int part, int image, int piece, int from, int rows)
    {
        int d = _s.Slice, first = part * Most;
        TokenRows slices = _slices.As((first + Most) * Heads, d).From(first * Heads), means = _means.As(first + Most, Heads).From(first), x = Batch.X.From(Batch.Start(image) + from);
        for (int r = 0; r < rows; r++)
            for (int head = 0; head < Heads; head++)
            {
                float* slice = x.Row(r) + head * d, to = slices.Row(r * Heads + head);
                if (_s.Norm is null) new ReadOnlySpan<float>(slice, d).CopyTo(new Span<float>(to, d));
                else _s.Norm.Row(slice, to);
                means.Row(r)[head] = Rows.Sum(slice, d) / d;
            }
        TokenRows e = _e.From((Local(image) + from) * Heads), sums = Sums(image, piece);
        _s.Embed.Alone(slices, e, rows * Heads);
        Map.Run<Gelu>(e.Row(0), e.Row(0), rows * Heads * e.Stride);
        for (int head = 0; head < Heads; head++)
        {
            new Span<float>(sums.Row(head), _s.Half).Clear();
            for (int r = Math.Max(0, FirstScored(image) - from); r < rows; r++) Rows.AddTimes(e.Row(r * Heads + head) + _s.FirstGlobal, 1, sums.Row(head), _s.Half);
        }
        TokenRows hidden = _headHidden.As(first + Most, _s.HeadFc1.Outputs).From(first), weights = _headWeights.As(_rows, Heads).From(Local(image) + from);
        _s.HeadFc1.Alone(means, hidden, rows);
        Map.Run<Gelu>(hidden.Row(0), hidden.Row(0), rows * hidden.Stride);
        _s.HeadFc2.Alone(hidden, weights, rows);
        Map.Run<Sigmoid>(weights.Row(0), weights.Row(0), rows * weights.Stride);
    }

    private void Score(int part, int image, int from, int rows)
    {
        int first = part * Most * Heads, count = rows * Heads;
        TokenRows e = _e.From((Local(image) + from) * Heads), weights = _headWeights.As(_rows, Heads).From(Local(image) + from), biases = Biases(part);
        TokenRows hidden = _hidden.As(first + Most * Heads, _s.Local.Outputs).From(first), hidden2 = _hidden2.As(first + Most * Heads, _s.Fc2.Outputs).From(first);
        for (int head = 0; head < Heads; head++)
            _s.Local.Alone(e.From(head) with { Stride = e.Stride * Heads }, hidden.From(head) with { Stride = hidden.Stride * Heads }, rows, biases.Row(head));
        Map.Run<Gelu>(hidden.Row(0), hidden.Row(0), count * hidden.Stride);
        _s.Fc2.Alone(hidden, hidden2, count);
        Map.Run<Gelu>(hidden2.Row(0), hidden2.Row(0), count * hidden2.Stride);
        TokenRows margins = _margin.As(first + Most * Heads, 1).From(first) with { Stride = 1 };
        float* margin = margins.Row(0), keep = stackalloc float[count];
        _s.Fc3.Alone(hidden2, margins, count);
        Map.Run<Sigmoid>(margin, keep, count);
        int at = Batch.Start(image) + from;
        for (int r = 0; r < rows; r++, at++)
        {
            float all = 0, kept = 0, logarithms = 0;
            for (int head = 0; head < Heads; head++)
            {
                float weight = weights.Row(r)[head];
                all += weight;
                kept += weight * keep[r * Heads + head];
                logarithms += weight * margin[r * Heads + head];
            }
            _keeps.Pointer[at] = kept / all;
            _margins.Pointer[at] = Batch.Place(at) < 0 ? float.NaN : Selector.Logarithms ? logarithms / all : (2 * kept / all) - 1;   // keep + drop is 1
        }
    }
}
