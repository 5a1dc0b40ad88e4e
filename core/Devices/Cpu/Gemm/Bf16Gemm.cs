using Hone.Devices.Cpu.Gemm.Inputs;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// Y [M][N] = X [M][K] W^T + bias in bfloat16 with sums in floats: W is rounded and packed once, X rounded in each run. The processor's own instruction takes numbers below 2^-126 for 0.
/// </summary>
public sealed unsafe class Bf16Gemm : PreparedGemm<ushort>
{
    /// <param name="weights">[N][K], row-major, finite.</param>
    /// <param name="bias">[N], or empty for none.</param>
    /// <param name="capacity">The most rows of X.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public Bf16Gemm(ReadOnlySpan<float> weights, int outputs, int inputs, ReadOnlySpan<float> bias, int capacity)
        : this(weights, outputs, inputs, bias, capacity, TileKernel.Bf16[^1])
    {
    }

    internal Bf16Gemm(ReadOnlySpan<float> weights, int outputs, int inputs, ReadOnlySpan<float> bias, int capacity, TileKernel kernel)
        : base(new Panels<ushort>(Rounded(weights), outputs, inputs, kernel), inputs, new Bf16Rows(inputs, kernel.PaddedInputs(inputs), capacity), bias)
    {
    }

    private protected override Finish Finish => new(Bias.Pointer);

    private static ushort[] Rounded(ReadOnlySpan<float> weights)
    {
        ushort[] rounded = new ushort[weights.Length];
        for (int i = 0; i < rounded.Length; i++) rounded[i] = Bf16Rows.Round(weights[i]);
        return rounded;
    }
}
