namespace Hone.Devices.Fpga.Simulation;

/// <summary>Words of activations into a bank: one row is one column's Th Tk entries.</summary>
internal sealed class ActivationMover(Engine engine, GemmShape shape, Operands operands, TileBank bank) : IWordMover
{
    private readonly Tile _tile = bank.Tile!;

    public void Move(int row, int word, int perWord)
    {
        int lanes = engine.Th * engine.Tk, f = shape.Columns;
        for (int l = word * perWord; l < Math.Min(lanes, (word + 1) * perWord); l++)
            bank.Activations[l * f + row] = _tile.Source(engine, shape, l) is var (head, k) ? operands.Activations[(head * shape.K + k) * f + row] : (short)0;
    }
}

/// <summary>Words of weights into a bank: one row is one output row's Th Tk entries; rows that the tile does not have are sent as 0.</summary>
internal sealed class WeightMover(Engine engine, GemmShape shape, Operands operands, TileBank bank) : IWordMover
{
    private readonly Tile _tile = bank.Tile!;

    public void Move(int row, int word, int perWord)
    {
        int lanes = engine.Th * engine.Tk;
        for (int l = word * perWord; l < Math.Min(lanes, (word + 1) * perWord); l++)
            bank.Weights[row * lanes + l] = row < _tile.Rows.Length && _tile.Source(engine, shape, l) is var (head, k)
                ? operands.Weights[(head * shape.Rows + _tile.Rows[row]) * shape.K + k] : (short)0;
    }
}

/// <summary>Words of results out of a bank: one row is one column's sums; those of rows and heads that do not exist are lost.</summary>
/// <param name="result">(heads, M, F).</param>
internal sealed class ResultMover(Engine engine, GemmShape shape, SumBank bank, int[] result) : IWordMover
{
    private readonly Tile _tile = bank.Tile!;

    public void Move(int row, int word, int perWord)
    {
        int f = shape.Columns, sums = bank.Sums.Length / f;
        for (int o = word * perWord; o < Math.Min(sums, (word + 1) * perWord); o++)
        {
            int head = _tile.Group * (shape.Heads > 0 ? engine.Th : 1) + o / engine.Tm, r = o % engine.Tm;
            if (head < Math.Max(shape.Heads, 1) && r < _tile.Rows.Length) result[(head * shape.Rows + _tile.Rows[r]) * f + row] = bank.Sums[o * f + row];
        }
    }
}
