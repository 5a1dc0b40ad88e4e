namespace Hone.Devices.Cpu.Vision;

/// <summary>Rows of floats so far apart: a view of a <see cref="RowBuffer"/>, valid as long as that is referenced.</summary>
/// <param name="First">The first row.</param>
/// <param name="Stride">Floats from row to row.</param>
internal readonly unsafe record struct TokenRows(nint First, int Stride)
{
    /// <summary>Bytes from row to row.</summary>
    public nint Bytes => (nint)Stride * sizeof(float);

    public float* Row(int row) => (float*)First + (nint)row * Stride;

    /// <summary>The same rows from this one on.</summary>
    public TokenRows From(int row) => this with { First = (nint)Row(row) };
}
