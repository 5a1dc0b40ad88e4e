using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Runtime.Functions;

namespace Hone.Devices.Cpu.Vision;

/// <summary><c>x += scale * y</c> with what a product gives, and where it is known by then what reads x next, that norm: behind the product or on its own.</summary>
internal sealed unsafe class ResidualRows : IAfter
{
    private readonly Buffer64<float> _scale;
    private readonly Norm? _norm;
    private TokenRows _y, _x, _normed;

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
        (_y, _x, _normed) = (y, x, normed);
        return this;
    }

    public void Rows(float* y, int from, int to) => Run(_y.From(from), _x.From(from), _normed.From(from), to - from);

    public void Run(TokenRows y, TokenRows x, TokenRows normed, int rows)
    {
        for (int row = 0, end; row < rows; row = end)
        {
            end = Math.Min(rows, row + Norms.Together);
            for (int one = row; one < end; one++) Runtime.Functions.Rows.AddProduct(y.Row(one), _scale.Pointer, x.Row(one), _scale.Count);
            _norm?.Rows(x.From(row), normed.From(row), end - row);
        }
    }
}
