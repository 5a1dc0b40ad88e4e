namespace Hone.Devices.Cpu.Gemm;

/// <summary>Y [M][N] = X [M][K] W^T + bias in floats, W packed once. The workers share the outputs; the bits do not depend on how many they are.</summary>
public sealed unsafe class FloatGemm : Step
{
    private const int Aliasing = 1_024;   // bytes: rows of X so far apart, or a multiple of it, push one another out of the first cache

    private readonly Panels<float> _weights;
    private readonly Buffer64<float> _bias;
    private float* _x, _y;
    private nint _xStride;
    private SpreadRows? _spread;
    private int _rows;

    /// <param name="weights">[N][K], row-major.</param>
    /// <param name="bias">[N], or empty for none.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public FloatGemm(ReadOnlySpan<float> weights, int outputs, int inputs, ReadOnlySpan<float> bias = default)
        : this(weights, outputs, inputs, bias, TileKernel.Float[^1])
    {
    }

    internal FloatGemm(ReadOnlySpan<float> weights, int outputs, int inputs, ReadOnlySpan<float> bias, TileKernel kernel)
    {
        if (bias.Length != 0 && bias.Length != outputs) throw new ArgumentException($"expected {outputs} biases, one for each output, or none, got {bias.Length}", nameof(bias));
        _weights = new Panels<float>(weights, outputs, inputs, kernel);
        _bias = new Buffer64<float>(kernel.Padded(outputs));
        bias.CopyTo(_bias.Span);
    }

    /// <summary>The instructions it uses.</summary>
    public InstructionSet Instructions => _weights.Kernel.Set;

    /// <summary>Computes all of Y.</summary>
    /// <param name="x">[M][K], row-major.</param>
    /// <param name="y">[M][N], row-major; it may not overlap X.</param>
    /// <param name="rows">M.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers)
    {
        Sizes.Check(x.Length, y.Length, rows, _weights.Inputs, _weights.Outputs);
        fixed (float* from = x, to = y)
        {
            _x = from;
            _y = to;
            _rows = rows;
            _xStride = (nint)_weights.Inputs * sizeof(float);
            if (rows > 1 && _xStride % Aliasing == 0) Spread(workers);
            workers.Run(this);
        }
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_weights.Count, part, parts);
        Product.Run((byte*)_x, _xStride, _rows, _weights, (byte*)_y, from, to, new Finish(_bias.Pointer));
    }

    private void Spread(Workers workers)
    {
        if (_spread is null || _spread.Capacity < _rows) _spread = new SpreadRows(_weights.Inputs, _rows);
        _spread.Take(_x, _rows, workers);
        _x = _spread.Rows;
        _xStride = _spread.Stride;
    }
}
