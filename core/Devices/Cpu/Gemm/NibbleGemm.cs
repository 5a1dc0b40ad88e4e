namespace Hone.Devices.Cpu.Gemm;

/// <summary>Y [M][N] = X [M][K] W^T + bias with 4-bit weights, two to a byte: see <see cref="CodeGemm"/>.</summary>
public sealed class NibbleGemm : CodeGemm
{
    private const int Largest = 7;

    /// <param name="weights">[N][K] codes from -8 to 7, row-major.</param>
    /// <param name="scales">[N][groups]: weight = scale * code.</param>
    /// <param name="bias">[N], or empty for none.</param>
    /// <param name="capacity">The most rows of X.</param>
    /// <param name="group">Inputs that share a scale, a multiple of <see cref="CodeGemm.GroupUnit"/>; 0 for all of them: then there is one group.</param>
    /// <exception cref="ArgumentException">A size does not fit, or a code is none of 4 bits.</exception>
    public NibbleGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, int group = 0)
        : this(weights, outputs, inputs, scales, bias, capacity, TileKernel.Nibble[^1], group)
    {
    }

    internal NibbleGemm(ReadOnlySpan<sbyte> weights, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity, TileKernel kernel, int group = 0)
        : base(weights, Largest, outputs, inputs, scales, bias, capacity, kernel, group)
    {
    }
}
