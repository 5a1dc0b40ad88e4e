using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Devices.Cpu.Runtime.Heads;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>
/// Scores tokens as <see cref="TokenSelector"/> says. Letters: n tokens of an image, h heads, d a head's slice. The h x n slices of an image, head by head, stand side by side in panels of L lanes. First they are embedded,
/// with sums of the global features; then, these being known, each slice has its say; then heads are averaged. The workers share the panels.
/// </summary>
internal sealed unsafe class ScoreStep : PieceStep
{
    private static readonly int s_lanes = LaneLayer.Lanes;   // L
    private readonly SelectorWeights _s;
    private readonly int[] _firstPanels;                     // [images]
    private readonly Buffer64<float> _embeddings, _sums, _means, _differences, _shares, _weights, _scratch, _biases, _margins, _keeps;
    private readonly int _scratchOfPart;
    private int _scored;
    private bool _embedded;

    /// <param name="parts">Workers.</param>
    /// <param name="images">At most.</param>
    /// <param name="rows">At most.</param>
    public ScoreStep(SelectorWeights selector, int parts, int images, int rows)
    {
        (_s, _firstPanels) = (selector, new int[images]);
        int h = selector.Heads, panels = checked((rows * h / s_lanes) + images), slices = panels * s_lanes;
        _embeddings = new Buffer64<float>(checked(slices * selector.Embed.Outputs));                          // [panels][outputs][L]
        _sums = new Buffer64<float>(checked(panels * h * selector.Half));                                     // [panels][h][d/2]
        (_means, _differences, _shares, _weights) = (new Buffer64<float>(slices), new Buffer64<float>(slices), new Buffer64<float>(slices), new Buffer64<float>(slices));   // [h][n] of each image
        _biases = new Buffer64<float>(checked(parts * h * selector.Local.Outputs));                           // [parts][h][outputs]
        int inner = Math.Max(selector.Slice, (2 * selector.Local.Outputs) + selector.Fc2.Outputs), outer = (2 * h) + selector.HeadFc1.Outputs;
        _scratchOfPart = Math.Max(inner, outer) * s_lanes;
        _scratch = new Buffer64<float>(checked(parts * _scratchOfPart));
        (_margins, _keeps) = (new Buffer64<float>(rows), new Buffer64<float>(rows));
    }

    public TokenSelector Selector => _s.Selector;

    /// <summary>[R]: what decides whether a token is kept; NaN where it is no patch.</summary>
    public float* Margins => _margins.Pointer;

    /// <summary><see cref="Margins"/> of the last run.</summary>
    public ReadOnlySpan<float> Decided => _margins.Span[.._scored];

    /// <summary>[R]: averaged probability to be kept.</summary>
    public float* Keeps => _keeps.Pointer;

    /// <summary>Scores all rows; returns the multiplications.</summary>
    public long Run(VisionBatch batch, Workers workers)
    {
        for (int image = 0, panels = 0; image < batch.Images; panels += Pieces(batch.Count(image)), image++) _firstPanels[image] = panels;
        _embedded = false;
        Run(batch, squares: false, workers);
        _embedded = true;
        Run(batch, squares: false, workers);
        for (int image = 0; image < batch.Images; image++) Average(image);
        _scored = batch.Rows;
        return batch.Rows * _s.Macs;
    }

    protected override int Pieces(int rows) => ((rows * _s.Heads) + s_lanes - 1) / s_lanes;

    // What global features, means over an image's tokens, give to Fc1.
    protected override void Enter(int part, int image)
    {
        if (!_embedded) return;
        int n = Batch.Count(image), outputs = _s.Local.Outputs;
        float share = 1f / Math.Max(1, n - FirstScored(image));
        for (int head = 0; head < _s.Heads; head++)
        {
            float* bias = Bias(part, head);
            _s.Bias.CopyTo(new Span<float>(bias, outputs));
            for (int k = 0; k < _s.Half; k++)
            {
                float sum = 0;
                for (int panel = head * n / s_lanes; panel * s_lanes < (head + 1) * n; panel++) sum += Sums(image, panel, head)[k];
                fixed (float* weights = &_s.Global[k * outputs]) Rows.AddTimes(weights, sum * share, bias, outputs);
            }
        }
    }

    protected override void Piece(int part, int image, int piece, int pieces)
    {
        float* scratch = _scratch.Pointer + (nint)part * _scratchOfPart;
        if (_embedded) Score(part, image, piece, scratch);
        else Embed(image, piece, scratch);
    }

    private void Embed(int image, int panel, float* slices)
    {
        TokenRows x = Batch.X.From(Batch.Start(image));
        for (int lane = 0, some; Next(image, panel, lane, out int head, out int row, out some); lane += some)
            Turn.Run(x.Row(row) + head * _s.Slice, x.Stride, some, _s.Slice, slices + lane, s_lanes);
        _s.Norm.Run(slices, _means.Pointer + Slice(image, panel));
        float* e = Embedding(image, panel);
        _s.Embed.Run(slices, e);
        Map.Run<Gelu>(e, e, _s.Embed.Outputs * s_lanes);
        for (int lane = 0, some; Next(image, panel, lane, out int head, out int row, out some); lane += some)
        {
            int skip = row == 0 ? FirstScored(image) : 0;
            LaneSums.Run(e + _s.FirstGlobal * s_lanes, _s.Half, lane + skip, lane + some, Sums(image, panel, head));
        }
    }

    private void Score(int part, int image, int panel, float* scratch)
    {
        int outputs = _s.Local.Outputs;
        float* biases = scratch, hidden = biases + outputs * s_lanes, hidden2 = hidden + outputs * s_lanes, differences = _differences.Pointer + Slice(image, panel);
        for (int lane = 0, some; Next(image, panel, lane, out int head, out _, out some); lane += some)
        {
            float* bias = Bias(part, head);
            for (int m = 0; m < outputs; m++) new Span<float>(biases + m * s_lanes + lane, some).Fill(bias[m]);
        }
        _s.Local.Run(Embedding(image, panel), hidden, biases);
        Map.Run<Gelu>(hidden, hidden, outputs * s_lanes);
        _s.Fc2.Run(hidden, hidden2);
        Map.Run<Gelu>(hidden2, hidden2, _s.Fc2.Outputs * s_lanes);
        _s.Fc3.Run(hidden2, differences);
        Map.Run<Sigmoid>(differences, _shares.Pointer + Slice(image, panel), s_lanes);
        for (int row = panel * s_lanes; row < Batch.Count(image) && row < (panel + 1) * s_lanes; row += s_lanes) Weigh(image, row, scratch);
    }

    // Weights of the heads, of as many tokens as there are lanes: the first panels of an image do it.
    private void Weigh(int image, int row, float* scratch)
    {
        int n = Batch.Count(image), some = Math.Min(s_lanes, n - row);
        float* means = scratch, hidden = means + _s.Heads * s_lanes, weights = hidden + _s.HeadFc1.Outputs * s_lanes, first = _means.Pointer + Slice(image, 0) + row;
        for (int head = 0; head < _s.Heads; head++) new ReadOnlySpan<float>(first + (nint)head * n, some).CopyTo(new Span<float>(means + head * s_lanes, some));
        _s.HeadFc1.Run(means, hidden);
        Map.Run<Gelu>(hidden, hidden, _s.HeadFc1.Outputs * s_lanes);
        _s.HeadFc2.Run(hidden, weights);
        Map.Run<Sigmoid>(weights, weights, _s.Heads * s_lanes);
        for (int head = 0; head < _s.Heads; head++) new ReadOnlySpan<float>(weights + head * s_lanes, some).CopyTo(new Span<float>(_weights.Pointer + Slice(image, 0) + (nint)head * n + row, some));
    }

    private void Average(int image)
    {
        int n = Batch.Count(image), start = Batch.Start(image);
        float* keeps = _keeps.Pointer + start, margins = _margins.Pointer + start, all = _means.Pointer + Slice(image, 0);   // the means have been read
        new Span<float>(all, n).Clear();
        new Span<float>(keeps, n).Clear();
        new Span<float>(margins, n).Clear();
        for (int head = 0; head < _s.Heads; head++)
        {
            nint at = Slice(image, 0) + (nint)head * n;
            float* weights = _weights.Pointer + at;
            Rows.AddTimes(weights, 1, all, n);
            Rows.AddProduct(weights, _shares.Pointer + at, keeps, n);
            if (Selector.Logarithms) Rows.AddProduct(weights, _differences.Pointer + at, margins, n);
        }
        for (int i = 0; i < n; i++)
        {
            keeps[i] /= all[i];
            margins[i] = Batch.Place(start + i) < 0 ? float.NaN : Selector.Logarithms ? margins[i] / all[i] : (2 * keeps[i]) - 1;   // keep + drop is 1
        }
    }

    // The lanes of a panel from one on that belong to one head: their head, their first token, and how many they are.
    private bool Next(int image, int panel, int lane, out int head, out int row, out int some)
    {
        int n = Batch.Count(image), slice = (panel * s_lanes) + lane;
        (head, row) = (slice / n, slice % n);
        some = Math.Min(n - row, s_lanes - lane);
        return lane < s_lanes && head < _s.Heads;
    }

    // The first token of an image that is scored.
    private int FirstScored(int image) => Batch.Count(image) > 0 && Batch.Place(Batch.Start(image)) == VisionToken.Class ? 1 : 0;

    private nint Slice(int image, int panel) => (nint)(_firstPanels[image] + panel) * s_lanes;

    private float* Embedding(int image, int panel) => _embeddings.Pointer + Slice(image, panel) * _s.Embed.Outputs;

    private float* Sums(int image, int panel, int head) => _sums.Pointer + ((nint)(_firstPanels[image] + panel) * _s.Heads + head) * _s.Half;

    private float* Bias(int part, int head) => _biases.Pointer + (nint)(part * _s.Heads + head) * _s.Local.Outputs;
}
