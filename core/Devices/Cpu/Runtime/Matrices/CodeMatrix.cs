using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>Weights in codes; X is rounded to 8 bits by row as part of the product.</summary>
internal sealed class CodeMatrix(CodeGemm gemm) : Matrix(gemm.Outputs, gemm.Inputs, gemm.Instructions)
{
    public override void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers) => gemm.Run(x, y, rows, workers);
}
