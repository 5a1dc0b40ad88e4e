namespace Hone.Devices.Cpu.Gemm;

/// <summary>Y [M][N] = X [M][K] W^T + bias with 8-bit weights: see <see cref="CodeGemm"/>.</summary>
public sealed class ByteGemm : CodeGemm
{
    /// <param name="weights">[N][K] codes, row-major.</param>
    /// <param name="scales">[N]: weight = scale * code.</param>
    /// <param name="bias">[N], or empty for none.</param>
    /// <param name="capacity">The most rows of X.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public ByteGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity)
        : this(weights, outputs, inputs, scales, bias, capacity, TileKernel.Byte[^1])
    {
    }

    internal ByteGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, TileKernel kernel)
        : base(weights, sbyte.MaxValue, outputs, inputs, scales, bias, capacity, kernel)
    {
    }
}
