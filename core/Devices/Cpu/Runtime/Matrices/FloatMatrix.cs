using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>Weights in floats.</summary>
internal sealed class FloatMatrix : Matrix
{
    private readonly FloatGemm _gemm;

    /// <param name="weights">[N][K].</param>
    /// <param name="bias">[N], or empty.</param>
    public FloatMatrix(ReadOnlySpan<float> weights, int outputs, int inputs, ReadOnlySpan<float> bias) : this(new FloatGemm(weights, outputs, inputs, bias), outputs, inputs)
    {
    }

    private FloatMatrix(FloatGemm gemm, int outputs, int inputs) : base(outputs, inputs, gemm.Instructions) => _gemm = gemm;

    public override void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers) => _gemm.Run(x, y, rows, workers);
}
