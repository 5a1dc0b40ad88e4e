using Hone.Model;

namespace Hone.Devices.Cpu.Vision;

/// <summary>
/// What a block does to single rows behind its attention: <c>x += Scale1 * Proj(attended)</c>, <c>x += Scale2 * Fc2(gelu(Fc1(Norm2(x))))</c>, the norm that reads x next. Each worker takes its rows through all of it,
/// some at a time, so that what lies between two layers stays in its second cache and nobody waits for anybody. Where rows are too few for that, workers share the outputs of one layer after the other.
/// </summary>
internal sealed unsafe class RowChain : Step
{
    private const int Strip = 112;   // rows at a time: eight tiles of the highest kernel
    private const int Least = 14;    // rows worth a worker's reading of all weights: one tile
    private readonly Linear _proj, _fc1, _fc2;
    private readonly ResidualRows _attended, _mlp;
    private readonly GeluRows _gelu = new();
    private readonly RowBuffer _hidden, _sums;
    private readonly int _rowsOfAll;
    private TokenRows _from, _x, _normed;
    private int _rows;
    private bool _projects, _goesOn;

    /// <param name="norm2">Whether patches are not kept between attention and MLP: then the chain is not cut there.</param>
    /// <param name="next">What norms what goes out; null: nothing.</param>
    /// <param name="shared">Working memory of <see cref="Floats"/>.</param>
    public RowChain(VisionBlock block, Norm? norm2, Norm? next, (RowBuffer Hidden, RowBuffer Sums) shared, int parts)
    {
        (_proj, _fc1, _fc2) = (new Linear(block.Proj), new Linear(block.Fc1), new Linear(block.Fc2));
        (_attended, _mlp) = (new ResidualRows(block.Scale1, norm2), new ResidualRows(block.Scale2, next));
        ((_hidden, _sums), _rowsOfAll) = (shared, parts * Strip);
    }

    /// <summary>Floats of the two parts of working memory that a block needs.</summary>
    public static (long Hidden, long Sums) Floats(VisionBlock block, int parts) => (RowBuffer.Floats(parts * Strip, block.Fc1.M), RowBuffer.Floats(parts * Strip, block.Proj.M));

    /// <summary>A.</summary>
    public int Attention => _proj.Inputs;

    /// <param name="attended">[rows][A]; not read where the attention is not to be projected.</param>
    /// <param name="x">[rows][C].</param>
    /// <param name="normed">[rows][C]: what the MLP reads where it begins with that, and what comes out.</param>
    /// <param name="projects">Whether to begin with the projection.</param>
    /// <param name="goesOn">Whether to go on to the MLP.</param>
    public long Run(TokenRows attended, TokenRows x, TokenRows normed, int rows, bool projects, bool goesOn, Workers workers)
    {
        (_from, _x, _normed, _rows, _projects, _goesOn) = (attended, x, normed, rows, projects, goesOn);
        if (rows >= workers.Count * Least || workers.Count == 1) workers.Run(this);
        else Together(workers);
        return rows * ((projects ? _proj.Macs : 0) + (goesOn ? _fc1.Macs + _fc2.Macs : 0));
    }

    protected internal override void Part(int part, int parts)
    {
        (int row, int to) = Share(_rows, part, parts);
        int strips = (to - row + Strip - 1) / Strip;
        TokenRows hidden = _hidden.As(_rowsOfAll, _fc1.Outputs).From(part * Strip), sums = _sums.As(_rowsOfAll, _fc2.Outputs).From(part * Strip);
        for (int strip = 0; strip < strips; strip++)
        {
            (int from, int end) = Share(to - row, strip, strips);
            int some = end - from;
            TokenRows x = _x.From(row + from), normed = _normed.From(row + from);
            if (_projects)
            {
                _proj.Alone(_from.From(row + from), sums, some);
                _attended.Run(sums, x, normed, some);
            }
            if (!_goesOn) continue;
            _fc1.Alone(normed, hidden, some);
            GeluRows.Run(hidden, some, _fc1.Outputs);
            _fc2.Alone(hidden, sums, some);
            _mlp.Run(sums, x, normed, some);
        }
    }

    private void Together(Workers workers)
    {
        TokenRows hidden = _hidden.As(_rowsOfAll, _fc1.Outputs), sums = _sums.As(_rowsOfAll, _fc2.Outputs);
        if (_projects) _proj.Run(_from, sums, _rows, workers, _attended.Over(sums, _x, _normed));
        if (!_goesOn) return;
        _fc1.Run(_normed, hidden, _rows, workers, _gelu.Over(hidden, _fc1.Outputs));
        _fc2.Run(hidden, sums, _rows, workers, _mlp.Over(sums, _x, _normed));
    }
}
