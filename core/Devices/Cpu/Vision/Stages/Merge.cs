using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Stages;

/// <summary>The tokens of 2 x 2 fields side by side, zeros where one was dropped, normed and reduced; the workers share the rows.</summary>
/// <param name="rows">At most.</param>
internal sealed unsafe class Merge(StageEntry.Merge entry, float epsilon, GridTable table, int rows) : Step, IEntry
{
    private const int Fields = 4;
    private readonly Norm _norm = new(entry.Norm, epsilon);
    private readonly Linear _reduction = new(entry.Reduction);
    private readonly RowBuffer _raw = new(RowBuffer.Floats(rows, entry.Reduction.K)), _joined = new(RowBuffer.Floats(rows, entry.Reduction.K));
    private VisionBatch _batch = null!;

    public long Run(VisionBatch batch, Workers workers)
    {
        _batch = batch;
        table.Take(batch);
        int half = batch.Grid / 2, next = 0;
        batch.Plan();
        for (int image = 0; image < batch.Images; image++)
        {
            for (int place = 0; place < half * half; place++)
                for (int field = 0; field < Fields; field++)
                {
                    if (Seen(image, place, field) < 0) continue;
                    batch.Add(next++, image, place);
                    break;
                }
            batch.Close(image, next);
        }
        batch.Lay(_reduction.Outputs);
        workers.Run(this);
        _reduction.Run(_joined.As(next, _reduction.Inputs), batch.Next, next, workers);
        batch.Turn(_reduction.Outputs, half, linked: false);
        return next * _reduction.Macs;
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_batch.NextRows, part, parts);
        TokenRows raw = _raw.As(rows, _reduction.Inputs), joined = _joined.As(rows, _reduction.Inputs);
        int c = _batch.Width;
        for (int i = from; i < to; i++)
        {
            float* row = raw.Row(i);
            for (int field = 0; field < Fields; field++)
            {
                var y = new Span<float>(row + field * c, c);
                int seen = Seen(_batch.From[i], _batch.NextPlace(i), field);
                if (seen < 0) y.Clear();
                else new ReadOnlySpan<float>(_batch.X.Row(seen), c).CopyTo(y);
            }
        }
        _norm.Rows(raw.From(from), joined.From(from), to - from);
    }

    // The row of a field of a 2 x 2: upper left, lower left, upper right, lower right; -1: none.
    private int Seen(int image, int place, int field)
    {
        int grid = _batch.Grid, half = grid / 2;
        return table.Of(image)[(((place / half * 2) + (field % 2)) * grid) + (place % half * 2) + (field / 2)];
    }
}
