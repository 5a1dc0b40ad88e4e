using Hone.Devices.Cpu.Gemm.Inputs;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>Y [M][N] from X [M][K] and weights [N][K] packed once, where X is made ready row by row as part of each run: what products in all formats but floats share.</summary>
/// <typeparam name="T">An element of packed weights.</typeparam>
public abstract unsafe class PreparedGemm<T> : Step, IGemm where T : unmanaged
{
    private readonly Panels<T> _weights;
    private readonly PreparedRows _x;
    private float* _from, _y;
    private bool _byRows;
    private nint _yStride;
    private int _rows;
    private IAfter? _after;
    private readonly AfterStep _afterStep = new();

    private protected PreparedGemm(Panels<T> weights, int inputs, PreparedRows x, ReadOnlySpan<float> bias)
    {
        Sizes.Check(bias.Length, weights.Outputs);
        (_weights, Inputs, _x, Bias) = (weights, inputs, x, new Buffer64<float>(weights.Kernel.Padded(weights.Outputs)));
        bias.CopyTo(Bias.Span);
    }

    public int Outputs => _weights.Outputs;

    public int Inputs { get; }

    public InstructionSet Instructions => _weights.Kernel.Set;

    private protected Buffer64<float> Bias { get; }

    private protected abstract Finish Finish { get; }

    /// <summary>The step at which each group of inputs ends that has scales of its own; none where all share them.</summary>
    private protected virtual ReadOnlySpan<int> Groups => default;

    public void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers, IAfter? after = null)
    {
        Sizes.Check(x.Length, y.Length, rows, Inputs, Outputs);
        fixed (float* from = x, to = y) Run(from, to, (nint)Outputs * sizeof(float), rows, workers, after);
    }

    /// <summary>The same for rows of Y that are <paramref name="yStride"/> bytes apart; what follows is for rows without gaps.</summary>
    internal void Run(float* x, float* y, nint yStride, int rows, Workers workers, IAfter? after = null)
    {
        _x.Fit(rows);
        _byRows = Product.ByRows(_weights, rows, workers.Count);
        if (!_byRows) _x.Take(x, rows, workers);
        _from = x;
        _y = y;
        (_yStride, _rows, _after) = (yStride, rows, _byRows ? after : null);
        workers.Run(this);
        if (!_byRows && after is not null) _afterStep.Run(after, y, rows, workers);
    }

    protected internal sealed override void Part(int part, int parts)
    {
        (int From, int To) rows = _byRows ? Share(_rows, part, parts) : (0, _rows), panels = _byRows ? (0, _weights.Count) : Share(_weights.Count, part, parts);
        if (_byRows) _x.Take(_from, rows);
        Product.Run(_x.Rows, _x.Stride, rows, _weights, (byte*)_y, _yStride, panels, Finish, Groups, _after);
    }
}
