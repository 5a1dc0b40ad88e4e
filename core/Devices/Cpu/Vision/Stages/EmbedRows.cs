using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Vision.Stages;

/// <summary>Behind the stem's last product: its rows become tokens of the batch, normed where the network says so, positions added.</summary>
internal sealed unsafe class EmbedRows : IAfter
{
    private readonly Buffer64<float> _positions;   // [T][C]; or empty
    private readonly Norm? _norm;
    private readonly int _width;
    private TokenRows _x;
    private int _stride, _first;

    /// <param name="positions">[patches][C]; or empty.</param>
    /// <param name="norm">Null: none.</param>
    public EmbedRows(ReadOnlySpan<float> positions, int width, Norm? norm)
    {
        (_positions, _width, _norm) = (new Buffer64<float>(positions.Length), width, norm);
        positions.CopyTo(_positions.Span);
    }

    /// <param name="y">What the product writes.</param>
    /// <param name="x">Where tokens go, the image's first patch in the first row.</param>
    /// <param name="first">The patch of Y's first row.</param>
    public EmbedRows Over(TokenRows y, TokenRows x, int first)
    {
        (_stride, _x, _first) = (y.Stride, x, first);
        return this;
    }

    public void Rows(float* y, int from, int to)
    {
        _norm?.Rows(new TokenRows((nint)y, _stride).From(from), _x.From(_first + from), to - from);
        for (int row = from; row < to; row++)
        {
            float* x = _x.Row(_first + row), token = _norm is null ? y + ((nint)row * _stride) : x;
            if (_positions.Count == 0 && token != x) new ReadOnlySpan<float>(token, _width).CopyTo(new Span<float>(x, _width));
            else if (_positions.Count > 0) Runtime.Functions.Map.Run<Runtime.Functions.Add>(token, _positions.Pointer + ((nint)(_first + row) * _width), x, _width);
        }
    }
}
