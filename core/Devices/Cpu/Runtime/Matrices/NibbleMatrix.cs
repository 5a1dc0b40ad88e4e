using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>Weights in 4-bit codes; X is rounded to 8 bits by row as part of the product.</summary>
internal sealed class NibbleMatrix : Matrix
{
    private readonly NibbleGemm _gemm;

    /// <param name="codes">[N][K], from -8 to 7.</param>
    /// <param name="scales">[N].</param>
    /// <param name="bias">[N], or empty.</param>
    /// <param name="capacity">The most rows of X.</param>
    public NibbleMatrix(ReadOnlySpan<sbyte> codes, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity)
        : this(new NibbleGemm(codes, outputs, inputs, scales, bias, capacity), outputs, inputs)
    {
    }

    private NibbleMatrix(NibbleGemm gemm, int outputs, int inputs) : base(outputs, inputs, gemm.Instructions) => _gemm = gemm;

    public override void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers) => _gemm.Run(x, y, rows, workers);
}
