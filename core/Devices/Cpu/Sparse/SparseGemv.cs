namespace Hone.Devices.Cpu.Sparse;

/// <summary>y [M] = W [M][K] x [K] + bias with pruned weights (SpMV), W packed once. The workers share the kept weights; the bits do not depend on how many they are.</summary>
public sealed unsafe class SparseGemv : Step
{
    private readonly SparseKernel _kernel;
    private readonly Buffer64<float> _bias;
    private SparseCall _call;

    /// <param name="weights">[M][K], row-major; what is not kept counts as zero.</param>
    /// <param name="bias">[M], or empty for none.</param>
    /// <param name="mask">What is kept; null for what is not zero.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public SparseGemv(ReadOnlySpan<float> weights, int outputs, int inputs, SparseLayout layout, ReadOnlySpan<float> bias = default, Mask? mask = null)
        : this(weights, outputs, inputs, layout, bias, mask, SparseKernel.All[^1])
    {
    }

    internal SparseGemv(ReadOnlySpan<float> weights, int outputs, int inputs, SparseLayout layout, ReadOnlySpan<float> bias, Mask? mask, SparseKernel kernel)
    {
        (_kernel, Weights) = (kernel, SparseWeights.Pack(weights, outputs, inputs, layout, mask, kernel.VectorRows));
        _bias = Take(bias, outputs);
    }

    public SparseWeights Weights { get; }

    /// <summary>The instructions it uses.</summary>
    public InstructionSet Instructions => _kernel.Set;

    /// <summary>Computes all of y.</summary>
    /// <param name="x">[K].</param>
    /// <param name="y">[M]; it may not overlap X.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers)
    {
        if (x.Length != Weights.Inputs) throw new ArgumentException($"expected {Weights.Inputs} inputs, got {x.Length}");
        if (y.Length != Weights.Outputs) throw new ArgumentException($"expected {Weights.Outputs} outputs, got {y.Length}");
        fixed (float* from = x, to = y)
        {
            _call = new SparseCall { X = from, XStride = 1, Y = to, YStride = 1, Columns = 1, Bias = _bias.Pointer };
            workers.Run(this);
        }
    }

    protected internal override void Part(int part, int parts) => Weights.MultiplyVector(_kernel, _call, part, parts);

    /// <exception cref="ArgumentException">Neither M biases nor none.</exception>
    internal static Buffer64<float> Take(ReadOnlySpan<float> bias, int outputs)
    {
        if (bias.Length != 0 && bias.Length != outputs) throw new ArgumentException($"expected {outputs} biases, one for each output, or none, got {bias.Length}", nameof(bias));
        var taken = new Buffer64<float>(outputs);
        bias.CopyTo(taken.Span);
        return taken;
    }
}
