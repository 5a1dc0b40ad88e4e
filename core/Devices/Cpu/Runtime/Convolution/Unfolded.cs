using Hone.Devices.Cpu.Runtime.Matrices;

namespace Hone.Devices.Cpu.Runtime.Convolution;

/// <summary>A convolution of one group as a matrix product, strip by strip of positions so that what is unfolded stays small; a pointwise one needs no unfolding.</summary>
internal sealed unsafe class Unfolded : IConvolution
{
    private const int StripFloats = 1 << 18;   // 1 MiB, in the second cache
    private readonly ConvShape _shape;
    private readonly Matrix _matrix;
    private readonly Unfold? _unfold;

    public Unfolded(ConvShape shape, Matrix matrix)
    {
        (_shape, _matrix) = (shape, matrix);
        if (!shape.IsPointwise) _unfold = new Unfold(shape, Strip(shape));
    }

    public InstructionSet Instructions => _matrix.Instructions;

    /// <summary>The most rows that its matrix is given at once.</summary>
    public static int Strip(ConvShape shape) => Math.Clamp(StripFloats / shape.Inputs, 1, shape.Positions);

    public void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers)
    {
        int strip = Strip(_shape);
        fixed (float* from = x)
            for (int at = 0; at < _shape.Positions; at += strip)
            {
                int count = Math.Min(strip, _shape.Positions - at);
                ReadOnlySpan<float> rows = _unfold is null ? x.Slice(at * _shape.Inputs, count * _shape.Inputs) : _unfold.Run(from, at, count, workers);
                _matrix.Run(rows, y.Slice(at * _shape.Outputs, count * _shape.Outputs), count, workers);
            }
    }
}
