namespace Hone.Devices.Cpu.Sparse;

/// <summary>y [M] = W [M][K] x [K] + bias with pruned weights (SpMV): see <see cref="SparseProduct"/>.</summary>
public sealed unsafe class SparseGemv : SparseProduct
{
    /// <param name="weights">[M][K], row-major; what is not kept counts as zero.</param>
    /// <param name="bias">[M], or empty for none.</param>
    /// <param name="mask">What is kept; null for what is not zero.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public SparseGemv(ReadOnlySpan<float> weights, int outputs, int inputs, SparseLayout layout, ReadOnlySpan<float> bias = default, Mask? mask = null)
        : this(weights, outputs, inputs, layout, bias, mask, SparseKernel.All[^1])
    {
    }

    internal SparseGemv(ReadOnlySpan<float> weights, int outputs, int inputs, SparseLayout layout, ReadOnlySpan<float> bias, Mask? mask, SparseKernel kernel)
        : base(weights, outputs, inputs, layout, bias, mask, kernel, kernel.VectorRows)
    {
    }

    /// <summary>Computes all of y.</summary>
    /// <param name="x">[K].</param>
    /// <param name="y">[M]; it may not overlap X.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers)
    {
        if (x.Length != Weights.Inputs) throw new ArgumentException($"expected {Weights.Inputs} inputs, got {x.Length}");
        if (y.Length != Weights.Outputs) throw new ArgumentException($"expected {Weights.Outputs} outputs, got {y.Length}");
        fixed (float* from = x, to = y) Multiply(from, 1, to, 1, 1, workers);
    }

    private protected override void Multiply(in SparseCall call, int part, int parts) => Weights.MultiplyVector(Kernel, call, part, parts);
}
