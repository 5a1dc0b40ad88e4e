using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>Weights in 8-bit codes; X is rounded to 8 bits by row as part of the product.</summary>
internal sealed class ByteMatrix : Matrix
{
    private readonly ByteGemm _gemm;

    /// <param name="codes">[N][K].</param>
    /// <param name="scales">[N].</param>
    /// <param name="bias">[N], or empty.</param>
    /// <param name="capacity">The most rows of X.</param>
    public ByteMatrix(ReadOnlySpan<sbyte> codes, int outputs, int inputs, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, int capacity)
        : this(new ByteGemm(codes, outputs, inputs, scales, bias, capacity), outputs, inputs)
    {
    }

    private ByteMatrix(ByteGemm gemm, int outputs, int inputs) : base(outputs, inputs, gemm.Instructions) => _gemm = gemm;

    public override void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers) => _gemm.Run(x, y, rows, workers);
}
