namespace Hone.Devices.Cpu.Vision;

/// <summary>Memory for rows of floats, whose width may be another at every use. Rows begin on cache lines, and lie further apart than they are long where they would push one another out of the first cache.</summary>
/// <param name="floats">What the largest use takes (<see cref="Floats"/>).</param>
internal sealed unsafe class RowBuffer(long floats)
{
    private const int Line = 16, Aliasing = 256;   // floats: a cache line; a distance that, or a multiple of it, the first cache dislikes
    private readonly Buffer64<float> _buffer = new(checked((int)floats));

    /// <summary>What so many rows take.</summary>
    public static long Floats(int rows, int width) => (long)rows * Stride(width);

    /// <exception cref="ArgumentException">The rows do not fit.</exception>
    public TokenRows As(int rows, int width)
    {
        if (Floats(rows, width) > _buffer.Count) throw new ArgumentException($"{rows} rows of {width} do not fit {_buffer.Count} floats");
        return new TokenRows((nint)_buffer.Pointer, Stride(width));
    }

    /// <summary>Floats from one row of that width to the next.</summary>
    public static int Stride(int width)
    {
        int whole = (width + Line - 1) / Line * Line;
        return whole % Aliasing == 0 ? whole + Line : whole;
    }
}
