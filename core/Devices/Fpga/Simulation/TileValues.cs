namespace Hone.Devices.Fpga.Simulation;

/// <summary>What a bank holds: the tile and, where values are simulated, the operands that were moved for it; indices without a row, a head or an entry of K hold 0.</summary>
/// <param name="Weights">(Th, Tm, Tk), or null.</param>
/// <param name="Activations">(Th, Tk, F), or null.</param>
internal sealed record TileValues(Tile Tile, short[]? Weights, short[]? Activations)
{
    /// <summary>Copies a tile's operands out of the memory.</summary>
    public static TileValues Of(Engine engine, GemmShape shape, Tile tile, Operands? operands)
    {
        if (operands is null) return new TileValues(tile, null, null);
        int f = shape.Columns;
        short[] weights = new short[engine.Th * engine.Tm * engine.Tk], activations = new short[engine.Th * engine.Tk * f];
        for (int lane = 0; lane < engine.Th; lane++)
        {
            int head = shape.Heads > 0 ? tile.Group * engine.Th + lane : 0;
            if (head >= Math.Max(shape.Heads, 1)) break;   // lanes without a head idle
            for (int i = 0; i < engine.Tk; i++)
            {
                int k = tile.From + i + (shape.Heads > 0 ? 0 : lane * engine.Tk);
                if (k >= shape.K) break;
                for (int r = 0; r < tile.Rows.Length; r++)
                    weights[(lane * engine.Tm + r) * engine.Tk + i] = operands.Weights[(head * shape.Rows + tile.Rows[r]) * shape.K + k];
                Array.Copy(operands.Activations, (head * shape.K + k) * f, activations, (lane * engine.Tk + i) * f, f);
            }
        }
        return new TileValues(tile, weights, activations);
    }
}
