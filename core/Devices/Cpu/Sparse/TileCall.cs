namespace Hone.Devices.Cpu.Sparse;

/// <summary>What a tile of four rows, or a row of CSR, works on: sums over listed rows of X [K][N], added to rows of Y [M][N].</summary>
internal unsafe struct TileCall
{
    /// <summary>[Count] rows of X.</summary>
    public ushort* Listed;

    public int Count;

    /// <summary>[Count][rows of the tile].</summary>
    public float* Weights;

    /// <summary>The first column of the tile in X, whose rows are <see cref="Stride"/> floats apart.</summary>
    public float* X;

    public nint Stride;

    /// <summary>The tile's columns in its rows of Y; rows that are not wanted lie in a place that nobody reads.</summary>
    public float* Y0, Y1, Y2, Y3;

    /// <summary>Lanes of the last vector, where those are not all.</summary>
    public int Last;
}
