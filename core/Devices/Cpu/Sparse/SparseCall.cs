namespace Hone.Devices.Cpu.Sparse;

/// <summary>Operands of one product: Y [M][N] = W X + bias with X [K][N]; of a vector's, N is 1 and both lie without gaps.</summary>
internal unsafe struct SparseCall
{
    public float* X, Y;

    /// <summary>Floats from a row to the next.</summary>
    public nint XStride, YStride;

    /// <summary>N.</summary>
    public int Columns;

    /// <summary>[M].</summary>
    public float* Bias;

    /// <summary>Begins a row of Y with its bias.</summary>
    public readonly void Begin(int row) => new Span<float>(Y + row * YStride, Columns).Fill(Bias[row]);
}
