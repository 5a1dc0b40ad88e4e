namespace Hone.Devices.Fpga.Simulation;

/// <summary>See <see cref="Control.Lockstep"/> and <see cref="Control.Unmasked"/>: every unit waits for the slowest at the end of each step.</summary>
/// <param name="masked">Whether array and drain run without effect where they have nothing to do yet.</param>
internal sealed class LockstepControl(Machine machine, bool masked)
{
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
            machine.Send(machine.Finished.Reading);
            while (machine.Drain.Busy) machine.Clock();
            machine.Finished.Release();
        }
        return machine.Report();
    }

    private void RunRowTile(Tile[] tiles, bool first)
    {
        SumBank sums = machine.Finished.Filling;
        // The results of the row tile before leave meanwhile.
        bool sending = machine.Finished.CanRead;
        if (sending) machine.Send(machine.Finished.Reading);
        else if (first && masked) machine.SendNothing();
        for (int step = 0; step <= tiles.Length; step++)
        {
            if (step < tiles.Length) machine.Load(tiles[step]);
            if (step > 0 || masked) machine.Array.Start(tiles[Math.Max(0, step - 1)], step > 0 ? machine.Loaded.Reading : null, sums);
            while (machine.Loading || machine.Array.Busy) machine.Clock();
            if (step > 0) machine.Loaded.Release();
            if (step < tiles.Length) machine.Loaded.Filled();
        }
        while (machine.Drain.Busy || !machine.Array.Settled(sums)) machine.Clock();
        if (sending) machine.Finished.Release();
        sums.Tile = tiles[^1];
        machine.Finished.Filled();
    }
}
