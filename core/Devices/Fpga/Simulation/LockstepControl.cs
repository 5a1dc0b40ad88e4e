namespace Hone.Devices.Fpga.Simulation;

/// <summary>See <see cref="Control.Lockstep"/> and <see cref="Control.Unmasked"/>: every unit waits for the slowest at the end of each step.</summary>
/// <param name="masked">Whether array and drain run without effect where they have nothing to do yet.</param>
internal sealed class LockstepControl(Machine machine, bool masked)
{
    private readonly TileBuffer<TileValues> _loaded = new();
    private readonly TileBuffer<(Tile Last, int[]? Sums)> _finished = new();

    public Simulated Run()
    {
        foreach (IGrouping<int, Tile> group in machine.Tiles.GroupBy(t => t.Group))
        {
            bool first = true;
            foreach (IGrouping<int, Tile> rowTile in group.GroupBy(t => t.RowTile))
            {
                RunRowTile([.. rowTile], first);
                first = false;
            }
            Drain();
        }
        return machine.Report();
    }

    private void RunRowTile(Tile[] tiles, bool first)
    {
        // The results of the row tile before leave meanwhile.
        if (_finished.CanRead)
        {
            (Tile last, int[]? sums) = _finished.Peek();
            machine.Send(last, sums);
        }
        else if (first && masked)
        {
            machine.SendNothing();
        }
        int[]? accumulators = machine.Accumulators();
        for (int step = 0; step <= tiles.Length; step++)
        {
            TileValues? next = step < tiles.Length ? machine.Load(tiles[step]) : null;
            if (step > 0 || masked) machine.Array.Start(step > 0 ? _loaded.Peek() : null, tiles[Math.Max(0, step - 1)].Pieces, accumulators);
            while (machine.Loading || machine.Array.Busy) machine.Clock();
            if (step > 0) _loaded.Release();
            if (next is not null) _loaded.Write(next);
        }
        while (machine.Drain.Busy) machine.Clock();
        if (_finished.CanRead) _finished.Release();
        _finished.Write((tiles[^1], accumulators));
    }

    private void Drain()
    {
        (Tile last, int[]? sums) = _finished.Release();
        machine.Send(last, sums);
        while (machine.Drain.Busy) machine.Clock();
    }
}
