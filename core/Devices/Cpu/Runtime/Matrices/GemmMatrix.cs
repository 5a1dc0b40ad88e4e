using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>Dense weights in whatever format a product of ours has; X takes its form as part of the product.</summary>
internal sealed class GemmMatrix(IGemm gemm) : Matrix(gemm.Outputs, gemm.Inputs, gemm.Instructions)
{
    public override void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers, IAfter? after = null) => gemm.Run(x, y, rows, workers, after);
}
