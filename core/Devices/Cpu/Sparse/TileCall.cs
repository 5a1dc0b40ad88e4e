namespace Hone.Devices.Cpu.Sparse;

/// <summary>What a tile of up to four rows, or a row of CSR, works on: sums over listed rows of X [K][N], added to rows of Y [M][N].</summary>
internal unsafe struct TileCall
{
    /// <summary>[Count] rows of X.</summary>
    public ushort* Listed;

    public int Count;

    /// <summary>[Count][rows of a whole tile], from the first row of this one on.</summary>
    public float* Weights;

    /// <summary>The first column of the tile in X, whose rows are <see cref="XStride"/> floats apart.</summary>
    public float* X;

    public nint XStride;

    /// <summary>The tile's columns in Y, whose rows are <see cref="YStride"/> floats apart.</summary>
    public float* Y;

    public nint YStride;

    /// <summary>[Tiles][rows of a tile] of Y.</summary>
    public int* Rows;

    /// <summary>Tiles, one after the other; more than one have all their rows.</summary>
    public int Tiles;

    /// <summary>Lanes of the last vector, where those are not all.</summary>
    public int Last;
}
