namespace Hone.Devices.Cpu.Sparse;

/// <summary>Pruned weights W [M][K] packed once, with biases: what products with a matrix and with a vector share. The workers share the kept weights; the bits do not depend on how many they are.</summary>
public abstract unsafe class SparseProduct : Step
{
    private readonly Buffer64<float> _bias;
    private SparseCall _call;

    /// <param name="rows">Of a tile.</param>
    private protected SparseProduct(ReadOnlySpan<float> weights, int outputs, int inputs, SparseLayout layout, ReadOnlySpan<float> bias, Mask? mask, SparseKernel kernel, int rows)
    {
        (Kernel, Weights) = (kernel, SparseWeights.Pack(weights, outputs, inputs, layout, mask, rows));
        if (bias.Length != 0 && bias.Length != outputs) throw new ArgumentException($"expected {outputs} biases, one for each output, or none, got {bias.Length}", nameof(bias));
        _bias = new Buffer64<float>(outputs);
        bias.CopyTo(_bias.Span);
    }

    public SparseWeights Weights { get; }

    /// <summary>The instructions it uses.</summary>
    public InstructionSet Instructions => Kernel.Set;

    private protected SparseKernel Kernel { get; }

    protected internal sealed override void Part(int part, int parts) => Multiply(_call, part, parts);

    private protected abstract void Multiply(in SparseCall call, int part, int parts);

    /// <summary>Y = W X + bias, rows of X and Y so many floats apart.</summary>
    private protected void Multiply(float* x, nint xStride, float* y, nint yStride, int columns, Workers workers)
    {
        _call = new SparseCall { X = x, XStride = xStride, Y = y, YStride = yStride, Columns = columns, Bias = _bias.Pointer };
        workers.Run(this);
    }
}
