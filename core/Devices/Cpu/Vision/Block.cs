using Hone.Devices.Cpu.Vision.Heads;
using Hone.Devices.Cpu.Vision.Selection;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision;

/// <summary>
/// A <see cref="VisionBlock"/> made ready. It reads normed rows: those that the block before left, or those that its selector's move leaves, or it norms them first. Layers run on the rows of some images at a time;
/// what one adds, and the norm that reads it, follow its product while rows are near.
/// </summary>
internal sealed unsafe class Block
{
    private readonly Surroundings _around;
    private readonly Linear _qkv, _proj, _fc1, _fc2;
    private readonly HeadKind _kind;
    private readonly Norm? _norm1;
    private readonly Norm _norm2;
    private readonly ScoreStep? _scores;
    private readonly Best? _best;
    private readonly ResidualRows _attended, _sums;
    private readonly GeluRows _gelu = new();

    /// <param name="normed">Whether what comes in is normed already.</param>
    /// <param name="next">What norms what goes out; null: the next one does it.</param>
    public Block(VisionBlock block, Surroundings around, bool normed, Norm? next)
    {
        (_around, _qkv, _proj, _fc1, _fc2) = (around, new Linear(block.Qkv), new Linear(block.Proj), new Linear(block.Fc1), new Linear(block.Fc2));
        Means means = block.Best is null ? Means.None : block.Best.Links < 1 ? Means.All : Means.ClassToken;
        _kind = new HeadKind(block.Heads, block.Proj.K / block.Heads, block.Window is null ? null : new WindowBias(block.Window), means);
        (_norm1, _norm2) = (normed ? null : new Norm(block.Norm1, around.Epsilon), new Norm(block.Norm2, around.Epsilon));
        VisionSizes sizes = around.Sizes;
        if (block.Selector is { } s) _scores = new ScoreStep(new SelectorWeights(s, block.Proj.M, around.Epsilon), around.Workers.Count, sizes.Images, sizes.Rows, sizes.Group, sizes.Tokens);
        if (block.Best is not null) _best = new Best(block.Best, around.Heads);
        (_attended, _sums) = (new ResidualRows(block.Scale1, _best is null ? _norm2 : null), new ResidualRows(block.Scale2, next));
    }

    /// <summary>Null: every token goes on.</summary>
    public ScoreStep? Scores => _scores;

    /// <summary>Drops what its selector drops. Returns the multiplications.</summary>
    public long Select(VisionBatch batch)
    {
        long macs = 0;
        if (_scores is not null)
        {
            for (int image = 0, end; image < batch.Images; image = end)
            {
                end = Group(batch, image);
                macs += _scores.Run(batch, (image, end), _around.Wide, _around.Workers);
            }
            _around.Times?.Mark(VisionPart.Scores);
            _around.Moves.Run(batch, _scores, _norm1!, _around.Workers);
        }
        else if (_norm1 is not null) _around.Moves.Run(batch, _norm1, _around.Workers);
        _around.Times?.Mark(VisionPart.Moves);
        return macs;
    }

    /// <summary>Runs it on what is left. Returns the multiplications.</summary>
    public long Run(VisionBatch batch)
    {
        long macs = 0;
        for (int image = 0, end; image < batch.Images; image = end)
        {
            end = Group(batch, image);
            macs += Attend(batch, image, end);
            if (_best is null) macs += Mlp(batch, image, end);
        }
        if (_best is null) return macs;
        _around.Moves.Run(batch, _best, _norm2, _around.Workers);
        _around.Times?.Mark(VisionPart.Moves);
        for (int image = 0, end; image < batch.Images; image = end)
        {
            end = Group(batch, image);
            macs += Mlp(batch, image, end);
        }
        return macs;
    }

    private long Attend(VisionBatch batch, int first, int last)
    {
        int start = batch.Start(first), rows = batch.Start(last) - start;
        TokenRows qkv = _around.Wide.As(rows, _qkv.Outputs), attended = _around.Attended.As(rows, _proj.Inputs), sums = _around.Sums.As(rows, _proj.Outputs);
        _qkv.Run(batch.Normed.From(start), qkv, rows, _around.Workers);
        _around.Times?.Mark(VisionPart.Qkv);
        long pairs = _around.Heads.Run(batch, (first, last), _kind, qkv, attended, _around.Workers);
        _around.Times?.Mark(VisionPart.Attention);
        _proj.Run(attended, sums, rows, _around.Workers, _attended.Over(sums, batch.X.From(start), batch.Normed.From(start)));
        _around.Times?.Mark(VisionPart.Proj);
        return (rows * (_qkv.Macs + _proj.Macs)) + (2 * pairs * _proj.Inputs);
    }

    private long Mlp(VisionBatch batch, int first, int last)
    {
        int start = batch.Start(first), rows = batch.Start(last) - start;
        TokenRows hidden = _around.Wide.As(rows, _fc1.Outputs), sums = _around.Sums.As(rows, _fc2.Outputs);
        _fc1.Run(batch.Normed.From(start), hidden, rows, _around.Workers, _gelu.Over(hidden, _fc1.Outputs));
        _fc2.Run(hidden, sums, rows, _around.Workers, _sums.Over(sums, batch.X.From(start), batch.Normed.From(start)));
        _around.Times?.Mark(VisionPart.Mlp);
        return rows * (_fc1.Macs + _fc2.Macs);
    }

    // The image after the last of a group that begins with this one.
    private int Group(VisionBatch batch, int first)
    {
        int last = first + 1, most = _around.Sizes.Group;
        while (last < batch.Images && batch.Start(last + 1) - batch.Start(first) <= most) last++;
        return last;
    }
}
