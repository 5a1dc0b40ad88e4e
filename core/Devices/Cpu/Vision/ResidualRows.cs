using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Vision;

/// <summary>Behind a product, <c>x += scale * y</c>, and where it is known by then what reads x next, that norm.</summary>
internal sealed unsafe class ResidualRows : IAfter
{
    private readonly Buffer64<float> _scale;
    private readonly Norm? _norm;
    private TokenRows _x, _normed;
    private int _stride;

    /// <param name="scale">(C).</param>
    /// <param name="norm">Null: nothing is normed.</param>
    public ResidualRows(float[] scale, Norm? norm)
    {
        (_scale, _norm) = (new Buffer64<float>(scale.Length), norm);
        scale.CopyTo(_scale.Span);
    }

    /// <param name="y">What the product writes.</param>
    /// <param name="x">The rows that it is added to.</param>
    /// <param name="normed">What becomes of them.</param>
    public ResidualRows Over(TokenRows y, TokenRows x, TokenRows normed)
    {
        (_stride, _x, _normed) = (y.Stride, x, normed);
        return this;
    }

    public void Rows(float* y, int from, int to)
    {
        for (int row = from; row < to; row++)
        {
            float* x = _x.Row(row);
            Runtime.Functions.Rows.AddProduct(y + (nint)row * _stride, _scale.Pointer, x, _scale.Count);
            _norm?.Row(x, _normed.Row(row));
        }
    }
}
