namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>Moves the rows that go on together, makes the packages and the links, and norms what moved; the workers share the rows. Where nothing was dropped it only norms.</summary>
internal sealed unsafe class MoveStep : Step
{
    private VisionBatch _batch = null!;
    private ScoreStep? _scores;
    private Best? _best;
    private Norm? _norm;
    private bool _moves;

    /// <summary>Moves what was planned, and norms nothing.</summary>
    public void Run(VisionBatch batch, Workers workers) => Move(batch, null, null, linked: false, null, workers);

    /// <summary>Norms all rows.</summary>
    public void Run(VisionBatch batch, Norm norm, Workers workers)
    {
        (_batch, _norm, _moves) = (batch, norm, false);
        workers.Run(this);
    }

    /// <summary>Moves the tokens that a selector keeps, and norms them.</summary>
    public void Run(VisionBatch batch, ScoreStep scores, Norm norm, Workers workers)
    {
        if (Package.Plan(batch, scores)) Move(batch, scores, null, batch.Linked, norm, workers);
        else Run(batch, norm, workers);
    }

    /// <summary>Moves the best patches, and norms them.</summary>
    public void Run(VisionBatch batch, Best best, Norm norm, Workers workers)
    {
        if (best.Plan(batch) || best.Links || batch.Linked) Move(batch, null, best, best.Links, norm, workers);
        else Run(batch, norm, workers);
    }

    private void Move(VisionBatch batch, ScoreStep? scores, Best? best, bool linked, Norm? norm, Workers workers)
    {
        (_batch, _scores, _best, _norm, _moves) = (batch, scores, best, norm, true);
        batch.Lay(batch.Width);
        workers.Run(this);
        batch.Turn(batch.Width, batch.Grid, linked);
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_moves ? _batch.NextRows : _batch.Rows, part, parts);
        if (!_moves)
        {
            _norm!.Rows(_batch.X.From(from), _batch.Normed.From(from), to - from);
            return;
        }
        Copy(from, to);
        int image = 0;
        for (int row = from; row < to && (_batch.Linked || _best is { Links: true } || _scores is not null); row++)
        {
            while (row >= _batch.NextStart(image) + _batch.NextCount(image)) image++;
            if (_batch.From[row] < 0) Package.Make(_batch, _scores!, image, _batch.Next.Row(row));
            if (_best is { Links: true }) _best.Link(_batch, image, row);
            else if (_batch.Linked && _batch.From[row] >= 0) new ReadOnlySpan<ulong>(_batch.Links(_batch.From[row]), _batch.Words).CopyTo(new Span<ulong>(_batch.NextLinks(row), _batch.Words));
        }
        _norm?.Rows(_batch.Next.From(from), _batch.Normed.From(from), to - from);   // no one reads what was normed before
    }

    // Rows that were neighbours before, at a time.
    private void Copy(int from, int to)
    {
        int[] source = _batch.From;
        for (int row = from, end; row < to; row = end)
        {
            end = row + 1;
            if (source[row] < 0) continue;
            while (end < to && source[end] == source[end - 1] + 1) end++;
            int floats = (end - row) * _batch.X.Stride;
            new ReadOnlySpan<float>(_batch.X.Row(source[row]), floats).CopyTo(new Span<float>(_batch.Next.Row(row), floats));
        }
    }
}
