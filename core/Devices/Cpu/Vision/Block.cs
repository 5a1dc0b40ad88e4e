using Hone.Devices.Cpu.Vision.Heads;
using Hone.Devices.Cpu.Vision.Selection;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision;

/// <summary>A <see cref="VisionBlock"/> made ready. It reads normed rows: those that the block before left, or those that its selector's move leaves, or it norms them first.</summary>
internal sealed class Block
{
    private readonly Surroundings _around;
    private readonly Linear _qkv;
    private readonly RowChain _rows;
    private readonly HeadKind _kind;
    private readonly Norm? _norm1;
    private readonly Norm _norm2;
    private readonly ScoreStep? _scores;
    private readonly Best? _best;

    /// <param name="normed">Whether what comes in is normed already.</param>
    /// <param name="next">What norms what goes out; null: the next one does it.</param>
    public Block(VisionBlock block, Surroundings around, bool normed, Norm? next)
    {
        (_around, _qkv) = (around, new Linear(block.Qkv));
        Means means = block.Best is null ? Means.None : block.Best.Links < 1 ? Means.All : Means.ClassToken;
        _kind = new HeadKind(block.Heads, block.Proj.K / block.Heads, block.Window is null ? null : new WindowBias(block.Window), means);
        (_norm1, _norm2) = (normed ? null : new Norm(block.Norm1, around.Epsilon), new Norm(block.Norm2, around.Epsilon));
        _rows = new RowChain(block, block.Best is null ? _norm2 : null, next, (around.Hidden, around.Sums), around.Workers.Count);
        VisionSizes sizes = around.Sizes;
        if (block.Selector is { } s) _scores = new ScoreStep(new SelectorWeights(s, block.Proj.M, around.Epsilon), around.Workers.Count, sizes.Images, sizes.Rows);
        if (block.Best is not null) _best = new Best(block.Best, around.Heads, sizes.Images, sizes.Tokens);
    }

    /// <summary>Null: every token goes on.</summary>
    public ScoreStep? Scores => _scores;

    /// <summary>Drops what its selector drops. Returns the multiplications.</summary>
    public long Select(VisionBatch batch)
    {
        long macs = 0;
        if (_scores is not null)
        {
            macs = _scores.Run(batch, _around.Workers);
            _around.Times?.Mark(VisionPart.Scores);
            _around.Moves.Run(batch, _scores, _norm1!, _around.Workers);
        }
        else if (_norm1 is not null) _around.Moves.Run(batch, _norm1, _around.Workers);
        _around.Times?.Mark(VisionPart.Moves);
        return macs;
    }

    /// <summary>Runs its attention alone and plans the rows that it keeps, which nothing moves: in a network that chooses for another. Returns the multiplications.</summary>
    public long Choose(VisionBatch batch)
    {
        long macs = Attend(batch, _around.Attended.As(batch.Rows, _rows.Attention));
        _best!.Plan(batch);
        return macs;
    }

    /// <summary>Runs it on what is left. Returns the multiplications.</summary>
    public long Run(VisionBatch batch)
    {
        int rows = batch.Rows;
        TokenRows attended = _around.Attended.As(rows, _rows.Attention);
        long macs = Attend(batch, attended);
        macs += _rows.Run(attended, batch.X, batch.Normed, rows, projects: true, goesOn: _best is null, _around.Workers);
        _around.Times?.Mark(VisionPart.Rows);
        if (_best is null) return macs;
        _around.Moves.Run(batch, _best, _norm2, _around.Workers);
        _around.Times?.Mark(VisionPart.Moves);
        macs += _rows.Run(default, batch.X, batch.Normed, batch.Rows, projects: false, goesOn: true, _around.Workers);
        _around.Times?.Mark(VisionPart.Rows);
        return macs;
    }

    private long Attend(VisionBatch batch, TokenRows attended)
    {
        int rows = batch.Rows;
        TokenRows qkv = _around.Qkv.As(rows, _qkv.Outputs);
        _qkv.Run(batch.Normed, qkv, rows, _around.Workers);
        _around.Times?.Mark(VisionPart.Qkv);
        long pairs = _around.Heads.Run(batch, _kind, qkv, attended, _around.Workers);
        _around.Times?.Mark(VisionPart.Attention);
        return (rows * _qkv.Macs) + (2 * pairs * _rows.Attention);
    }
}
