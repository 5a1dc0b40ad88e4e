namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Weights W [N][K] as the tiles of one kernel read them, packed once: [panels of N][steps of K][columns][elements of a step]. What lies beyond N and K is zero.
/// </summary>
internal sealed unsafe class Panels<T> where T : unmanaged
{
    private readonly Buffer64<T> _buffer;

    /// <param name="weights">[N][K], row-major.</param>
    /// <exception cref="ArgumentException">The weights are not N x K.</exception>
    public Panels(ReadOnlySpan<T> weights, int outputs, int inputs, TileKernel kernel)
    {
        Sizes.Check(weights.Length, outputs, inputs);
        (Outputs, Inputs, Kernel) = (outputs, inputs, kernel);
        Steps = (inputs + kernel.Step - 1) / kernel.Step;
        Count = kernel.Padded(outputs) / kernel.Columns;
        int panel = kernel.Columns * Steps * kernel.Step;
        _buffer = new Buffer64<T>(checked(Count * panel));
        Span<T> packed = _buffer.Span;
        for (int n = 0; n < outputs; n++)
        {
            Span<T> to = packed.Slice(n / kernel.Columns * panel, panel);
            ReadOnlySpan<T> row = weights.Slice(n * inputs, inputs);
            for (int k = 0; k < inputs; k++) to[k / kernel.Step * kernel.Columns * kernel.Step + n % kernel.Columns * kernel.Step + k % kernel.Step] = row[k];
        }
    }

    /// <summary>N.</summary>
    public int Outputs { get; }

    /// <summary>K.</summary>
    public int Inputs { get; }

    public TileKernel Kernel { get; }

    /// <summary>Steps of K, the last one padded.</summary>
    public int Steps { get; }

    /// <summary>Panels.</summary>
    public int Count { get; }

    /// <summary>Of all panels.</summary>
    public long Bytes => (long)_buffer.Count * sizeof(T);

    /// <summary>A panel from one of its steps on; valid as long as this object is referenced.</summary>
    public byte* At(int panel, int step) => (byte*)_buffer.Pointer + ((nint)panel * Steps + step) * Kernel.PanelBytes;
}
