namespace Hone.Devices.Fpga.Simulation;

/// <summary>
/// The array: a tile's weights are held while all columns stream by. A slot (two columns, or one of the 16-bit kind) lasts until its multiplications have been
/// issued, as many a clock as there are slices; its sums reach the accumulators some clocks later.
/// </summary>
internal sealed class MacArray
{
    private readonly SliceArray _slices;
    private readonly Fabric _fabric;
    private readonly int _columns;
    private readonly bool _values;
    private readonly int[] _sums;                                                            // (Th or 1; Tm; 2), of the slot at hand
    private readonly Queue<(long Due, SumBank Into, bool Anew, int Column, int[] Sums)> _pipeline = new();
    private TileBank? _bank;
    private SumBank? _into;
    private int _column, _slot, _needed, _left;
    private long _now;

    /// <param name="values">Whether the slices compute; else only clocks and multiplications are counted.</param>
    public MacArray(Engine engine, GemmShape shape, SliceArray slices, Fabric fabric, bool values)
    {
        (_slices, _fabric, _columns, _values) = (slices, fabric, shape.Columns, values);
        _sums = new int[(shape.Heads > 0 ? engine.Th : 1) * engine.Tm * 2];
    }

    public bool Busy { get; private set; }

    /// <summary>Whether what streams is a real tile, not the masked pass before the first.</summary>
    public bool Computes => Busy && _bank is not null;

    /// <summary>Multiplications issued, masked passes left out.</summary>
    public long Multiplications { get; private set; }

    /// <summary>Multiplications that found no slice because a lone last column was given half a slot; 0 with <see cref="Fabric.ColumnPairs"/>.</summary>
    public long Overdrawn { get; private set; }

    /// <param name="bank">Null: a masked pass, which takes the time and changes nothing.</param>
    /// <param name="into">Where the sums go.</param>
    public void Start(Tile tile, TileBank? bank, SumBank into)
    {
        if (Busy) throw new InvalidOperationException("the array was started before its last column had left");
        (_bank, _into, _column, _needed, Busy) = (bank, into, 0, _slices.Needed(tile.WeightBits), true);
        Slot();
    }

    /// <summary>Whether every sum of the bank has arrived.</summary>
    public bool Settled(SumBank bank) => _now >= bank.SettledAt;

    /// <summary>One clock edge.</summary>
    public void Step()
    {
        _now++;
        if (Busy) Issue();
        while (_pipeline.TryPeek(out var sums) && sums.Due <= _now) Land(_pipeline.Dequeue());
    }

    private void Issue()
    {
        int issued = Math.Min(_left, _slices.Slices);
        if (--_slot == 0 && issued < _left)
        {
            if (_column + _slices.Together <= _columns) throw new InvalidOperationException("a slot ended before its multiplications were issued");
            Overdrawn += _bank is null ? 0 : _left - issued;
            issued = _left;
        }
        else
        {
            _slices.Issue(issued);
        }
        if (_bank is not null)
        {
            Multiplications += issued;
            if (_values) _slices.Multiply(_bank, _column, _needed - _left, issued, _sums);
        }
        _left -= issued;
        if (_slot > 0) return;
        if (_bank is not null) Leave();
        _column += _slices.Together;
        Busy = _column < _columns;
        if (Busy) Slot();
    }

    /// <summary>Begins the next slot: the clocks that its multiplications take, half of them for a lone last column where the fabric says so.</summary>
    private void Slot()
    {
        _left = _needed;
        _slot = _needed / _slices.Slices + (_needed % _slices.Slices > 0 ? 1 : 0);
        if (!_fabric.ColumnPairs && _column + _slices.Together > _columns) _slot /= 2;
    }

    private void Leave()
    {
        _into!.SettledAt = _now + _fabric.Depth;
        if (!_values) return;
        _pipeline.Enqueue((_into.SettledAt, _into, _bank!.Tile!.First, _column, (int[])_sums.Clone()));
        Array.Clear(_sums);
    }

    private void Land((long Due, SumBank Into, bool Anew, int Column, int[] Sums) slot)
    {
        for (int o = 0; o < slot.Sums.Length / 2; o++)
            for (int c = 0; c < _slices.Together && slot.Column + c < _columns; c++)
            {
                ref int sum = ref slot.Into.Sums[o * _columns + slot.Column + c];
                sum = (slot.Anew ? 0 : sum) + slot.Sums[o * 2 + c];
            }
    }
}
