using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Runtime.Functions;

namespace Hone.Devices.Cpu.Vision;

/// <summary>GELU behind a product.</summary>
internal sealed unsafe class GeluRows : IAfter
{
    private int _width, _stride;

    /// <param name="y">What the product writes.</param>
    public GeluRows Over(TokenRows y, int width)
    {
        (_width, _stride) = (width, y.Stride);
        return this;
    }

    public void Rows(float* y, int from, int to)
    {
        if (_stride == _width)
        {
            float* first = y + (nint)from * _width;
            Map.Run<Gelu>(first, first, (to - from) * _width);
            return;
        }
        for (int row = from; row < to; row++)
        {
            float* one = y + (nint)row * _stride;
            Map.Run<Gelu>(one, one, _width);
        }
    }
}
