using Hone.Devices.Cpu.Gemm.Inputs;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>Y [M][N] = X [M][K] W^T + bias in floats, W packed once. The workers share the outputs; the bits do not depend on how many they are.</summary>
public sealed unsafe class FloatGemm : Step, IGemm
{
    private const int Aliasing = 1_024;   // bytes: rows of X so far apart, or a multiple of it, push one another out of the first cache
    private readonly Panels<float> _weights;
    private readonly Buffer64<float> _bias;
    private SpreadRows? _spread;
    private float* _y;
    private byte* _x;
    private nint _xStride, _yStride;
    private int _rows;
    private bool _byRows;
    private IAfter? _after;
    private readonly AfterStep _afterStep = new();

    /// <param name="weights">[N][K], row-major.</param>
    /// <param name="bias">[N], or empty for none.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public FloatGemm(ReadOnlySpan<float> weights, int outputs, int inputs, ReadOnlySpan<float> bias = default)
        : this(weights, outputs, inputs, bias, TileKernel.Float[^1])
    {
    }

    internal FloatGemm(ReadOnlySpan<float> weights, int outputs, int inputs, ReadOnlySpan<float> bias, TileKernel kernel)
    {
        Sizes.Check(bias.Length, outputs);
        _weights = new Panels<float>(weights, outputs, inputs, kernel);
        _bias = new Buffer64<float>(kernel.Padded(outputs));
        bias.CopyTo(_bias.Span);
    }

    public int Outputs => _weights.Outputs;

    public int Inputs => _weights.Inputs;

    public InstructionSet Instructions => _weights.Kernel.Set;

    /// <inheritdoc/>
    /// <remarks>Rows of X whose distance does not suit the caches are copied first, into a buffer that grows with the most rows seen.</remarks>
    public void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers, IAfter? after = null)
    {
        Sizes.Check(x.Length, y.Length, rows, _weights.Inputs, _weights.Outputs);
        fixed (float* from = x, to = y)
        {
            byte* rowsOfX = (byte*)from;
            nint stride = (nint)_weights.Inputs * sizeof(float);
            if (rows > 1 && stride % Aliasing == 0)
            {
                if (_spread is null || _spread.Capacity < rows) _spread = new SpreadRows(_weights.Inputs, rows);
                _spread.Take(from, rows, workers);
                rowsOfX = _spread.Rows;
                stride = _spread.Stride;
            }
            Run(rowsOfX, stride, to, (nint)Outputs * sizeof(float), rows, workers, after);
        }
    }

    /// <summary>The same for rows of X and of Y that are so many bytes apart; X is read where it lies. What follows is given Y's first row and must know how far the others are.</summary>
    internal void Run(byte* x, nint xStride, float* y, nint yStride, int rows, Workers workers, IAfter? after = null)
    {
        _x = x;
        _y = y;
        (_xStride, _yStride, _rows) = (xStride, yStride, rows);
        _byRows = Product.ByRows(_weights, rows, workers.Count);
        _after = _byRows ? after : null;
        workers.Run(this);
        if (!_byRows && after is not null) _afterStep.Run(after, y, rows, workers);
    }

    /// <summary>The same by the caller alone, who may be one of several at once.</summary>
    internal void Alone(byte* x, nint xStride, float* y, nint yStride, int rows) => Product.Run(x, xStride, (0, rows), _weights, (byte*)y, yStride, (0, _weights.Count), new Finish(_bias.Pointer));

    protected internal override void Part(int part, int parts)
    {
        (int From, int To) rows = _byRows ? Share(_rows, part, parts) : (0, _rows), panels = _byRows ? (0, _weights.Count) : Share(_weights.Count, part, parts);
        Product.Run(_x, _xStride, rows, _weights, (byte*)_y, _yStride, panels, new Finish(_bias.Pointer), after: _after);
    }
}
