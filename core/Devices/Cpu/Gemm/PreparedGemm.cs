using Hone.Devices.Cpu.Gemm.Inputs;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>Y [M][N] from X [M][K] and weights [N][K] packed once, where X is made ready row by row as part of each <see cref="Run"/>: what products in all formats but floats share.</summary>
/// <typeparam name="T">An element of packed weights.</typeparam>
public abstract unsafe class PreparedGemm<T> : Step where T : unmanaged
{
    private readonly Panels<T> _weights;
    private readonly PreparedRows _x;
    private float* _y;
    private int _rows;

    private protected PreparedGemm(Panels<T> weights, int inputs, PreparedRows x, ReadOnlySpan<float> bias)
    {
        Sizes.Check(bias.Length, weights.Outputs);
        (_weights, Inputs, _x, Bias) = (weights, inputs, x, new Buffer64<float>(weights.Kernel.Padded(weights.Outputs)));
        bias.CopyTo(Bias.Span);
    }

    /// <summary>N.</summary>
    public int Outputs => _weights.Outputs;

    /// <summary>K.</summary>
    public int Inputs { get; }

    /// <summary>The instructions it uses.</summary>
    public InstructionSet Instructions => _weights.Kernel.Set;

    private protected Buffer64<float> Bias { get; }

    private protected abstract Finish Finish { get; }

    /// <summary>The step at which each group of inputs ends that has scales of its own; none where all share them.</summary>
    private protected virtual ReadOnlySpan<int> Groups => default;

    /// <summary>Computes all of Y.</summary>
    /// <param name="x">[M][K], row-major, finite.</param>
    /// <param name="y">[M][N], row-major; it may not overlap X.</param>
    /// <param name="rows">M.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers)
    {
        Sizes.Check(x.Length, y.Length, rows, Inputs, Outputs);
        fixed (float* from = x, to = y)
        {
            _x.Take(from, rows, workers);
            _y = to;
            _rows = rows;
            workers.Run(this);
        }
    }

    protected internal sealed override void Part(int part, int parts)
    {
        (int from, int to) = Share(_weights.Count, part, parts);
        Product.Run(_x.Rows, _x.Stride, _rows, _weights, (byte*)_y, from, to, Finish, Groups);
    }
}
