namespace Hone.Devices.Fpga.Simulation;

/// <summary>The multipliers: a tile's weights are held while all columns stream by, one every few cycles.</summary>
/// <param name="columns">F.</param>
/// <param name="slices">Does the arithmetic; null: cycles only.</param>
internal sealed class MacArray(int columns, SliceArray? slices)
{
    private TileValues? _bank;
    private int[]? _accumulators;
    private int _column, _piece, _pieces;

    public bool Busy { get; private set; }

    /// <summary>Whether what streams is a real tile, not the masked pass before the first.</summary>
    public bool Computes => Busy && _bank is not null;

    /// <param name="bank">Null: a masked pass, which takes the time and changes nothing.</param>
    /// <param name="pieces">Cycles per column.</param>
    public void Start(TileValues? bank, int pieces, int[]? accumulators)
    {
        if (Busy) throw new InvalidOperationException("the array was started before its last column had left");
        (_bank, _accumulators, _pieces, _column, _piece, Busy) = (bank, accumulators, pieces, 0, 0, true);
    }

    /// <summary>One clock edge.</summary>
    public void Step()
    {
        if (!Busy || ++_piece < _pieces) return;
        _piece = 0;
        // The second column of a pair, or a lonely last one, brings the products of both.
        if (_bank is not null && slices is not null && (_column % 2 == 1 || _column == columns - 1))
            slices.Add(_bank, _column - _column % 2, _accumulators!);
        Busy = ++_column < columns;
    }
}
