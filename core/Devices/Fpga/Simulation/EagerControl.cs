namespace Hone.Devices.Fpga.Simulation;

/// <summary>See <see cref="Control.Eager"/>: loads, array and drain are coupled by their buffers alone.</summary>
internal sealed class EagerControl(Machine machine)
{
    private readonly TileBuffer<TileValues> _loaded = new();
    private readonly TileBuffer<(Tile Last, int[]? Sums)> _finished = new();
    private int _next;
    private TileValues? _coming;
    private bool _loading, _computing, _draining;
    private int[]? _accumulators;

    public Simulated Run()
    {
        int sent = 0, rowTiles = machine.Tiles.Count(t => t.Last);
        while (sent < rowTiles)
        {
            if (_loading && !machine.Loading) (_loading, _next) = (Loaded(), _next + 1);
            if (_computing && !machine.Array.Busy) _computing = Computed();
            if (_draining && !machine.Drain.Busy)
            {
                _finished.Release();
                (_draining, sent) = (false, sent + 1);
            }
            if (!_loading && _next < machine.Tiles.Count && _loaded.CanWrite)
            {
                _coming = machine.Load(machine.Tiles[_next]);
                _loading = true;
            }
            // A new row tile needs a free accumulator bank.
            if (!_computing && _loaded.CanRead && (!_loaded.Peek().Tile.First || _finished.CanWrite))
            {
                TileValues bank = _loaded.Peek();
                if (bank.Tile.First) _accumulators = machine.Accumulators();
                machine.Array.Start(bank, bank.Tile.Pieces, _accumulators);
                _computing = true;
            }
            if (!_draining && _finished.CanRead)
            {
                (Tile last, int[]? sums) = _finished.Peek();
                machine.Send(last, sums);
                _draining = true;
            }
            if (sent < rowTiles) machine.Clock();
        }
        return machine.Report();
    }

    private bool Loaded()
    {
        _loaded.Write(_coming!);
        return false;
    }

    private bool Computed()
    {
        Tile tile = _loaded.Release().Tile;
        if (tile.Last) _finished.Write((tile, _accumulators));
        return false;
    }
}
