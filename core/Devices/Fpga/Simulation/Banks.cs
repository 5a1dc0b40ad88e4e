namespace Hone.Devices.Fpga.Simulation;

/// <summary>One of the two banks that tiles are loaded into. It keeps what it held until words of the next tile arrive.</summary>
/// <param name="values">Whether operands are simulated; else the arrays are empty.</param>
internal sealed class TileBank(Engine engine, GemmShape shape, bool values)
{
    /// <summary>(Tm, Th Tk); 0 where the tile has no such row, head or index of K.</summary>
    public short[] Weights { get; } = new short[values ? engine.Tm * engine.Th * engine.Tk : 0];

    /// <summary>(Th Tk, F); 0 where the tile has no such head or index of K.</summary>
    public short[] Activations { get; } = new short[values ? engine.Th * engine.Tk * shape.Columns : 0];

    /// <summary>The tile that is, or is being, loaded.</summary>
    public Tile? Tile { get; set; }
}

/// <summary>One of the two banks that a row tile is accumulated in and sent from.</summary>
internal sealed class SumBank(Engine engine, GemmShape shape, bool values)
{
    /// <summary>(Th for products per head, else 1; Tm; F). Never cleared: the first stretch of K overwrites.</summary>
    public int[] Sums { get; } = new int[values ? (shape.Heads > 0 ? engine.Th : 1) * engine.Tm * shape.Columns : 0];

    /// <summary>The last tile of the row tile.</summary>
    public Tile? Tile { get; set; }

    /// <summary>The cycle after which every sum has arrived.</summary>
    public long SettledAt { get; set; }
}
