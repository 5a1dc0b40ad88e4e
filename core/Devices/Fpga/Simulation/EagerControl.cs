namespace Hone.Devices.Fpga.Simulation;

/// <summary>See <see cref="Control.Eager"/>: loads, array and drain are coupled by their buffers alone.</summary>
internal sealed class EagerControl(Machine machine)
{
    private bool _loading, _computing, _draining;
    private int _next;

    public Simulated Run()
    {
        int sent = 0, rowTiles = machine.Tiles.Count(t => t.Last);
        while (true)
        {
            if (_draining && !machine.Drain.Busy)
            {
                machine.Finished.Release();
                _draining = false;
                if (++sent == rowTiles) return machine.Report();
            }
            if (_loading && !machine.Loading) Loaded();
            Compute();
            if (!_loading && _next < machine.Tiles.Count && machine.Loaded.CanWrite) Load();
            if (!_draining && machine.Finished.CanRead && machine.Array.Settled(machine.Finished.Reading))
            {
                machine.Send(machine.Finished.Reading);
                _draining = true;
            }
            machine.Clock();
        }
    }

    private void Load()
    {
        machine.Load(machine.Tiles[_next++]);
        _loading = true;
    }

    private void Loaded()
    {
        machine.Loaded.Filled();
        _loading = false;
    }

    private void Compute()
    {
        if (_computing && !machine.Array.Busy)
        {
            Tile tile = machine.Loaded.Reading.Tile!;
            machine.Loaded.Release();
            if (tile.Last) machine.Finished.Filled().Tile = tile;
            _computing = false;
        }
        // A new row tile needs a free accumulator bank.
        if (_computing || !machine.Loaded.CanRead || !machine.Finished.CanWrite) return;
        TileBank bank = machine.Loaded.Reading;
        machine.Array.Start(bank.Tile!, bank, machine.Finished.Filling);
        _computing = true;
    }
}
