namespace Hone.Devices.Cpu.Sparse;

/// <summary>Y [M][N] = W [M][K] X [K][N] + bias with pruned weights (SpMM): see <see cref="SparseProduct"/>.</summary>
public sealed unsafe class SparseGemm : SparseProduct
{
    /// <param name="weights">[M][K], row-major; what is not kept counts as zero.</param>
    /// <param name="bias">[M], or empty for none.</param>
    /// <param name="mask">What is kept; null for what is not zero.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public SparseGemm(ReadOnlySpan<float> weights, int outputs, int inputs, SparseLayout layout, ReadOnlySpan<float> bias = default, Mask? mask = null)
        : this(weights, outputs, inputs, layout, bias, mask, SparseKernel.All[^1])
    {
    }

    internal SparseGemm(ReadOnlySpan<float> weights, int outputs, int inputs, SparseLayout layout, ReadOnlySpan<float> bias, Mask? mask, SparseKernel kernel)
        : base(weights, outputs, inputs, layout, bias, mask, kernel, SparseKernel.Rows)
    {
    }

    /// <summary>Computes all of Y.</summary>
    /// <param name="x">[K][N], row-major.</param>
    /// <param name="y">[M][N], row-major; it may not overlap X.</param>
    /// <param name="columns">N.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public void Run(ReadOnlySpan<float> x, Span<float> y, int columns, Workers workers)
    {
        if (columns < 1 || x.Length != (long)Weights.Inputs * columns) throw new ArgumentException($"expected X to be {Weights.Inputs} x N with N = {columns}, at least 1, got {x.Length} elements");
        if (y.Length != (long)Weights.Outputs * columns) throw new ArgumentException($"expected Y to be {Weights.Outputs} x {columns}, got {y.Length} elements");
        fixed (float* from = x, to = y) Run(from, columns, to, columns, columns, workers);
    }

    /// <summary>The same with rows so many floats apart.</summary>
    internal void Run(float* x, nint xStride, float* y, nint yStride, int columns, Workers workers) => Multiply(x, xStride, y, yStride, columns, workers);

    private protected override void Multiply(in SparseCall call, int part, int parts) => Weights.Multiply(Kernel, call, part, parts);
}
