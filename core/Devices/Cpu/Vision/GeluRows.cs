using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Runtime.Functions;

namespace Hone.Devices.Cpu.Vision;

/// <summary>GELU of what a product gives, behind it or on its own.</summary>
internal sealed unsafe class GeluRows : IAfter
{
    private TokenRows _y;
    private int _width;

    /// <param name="y">What the product writes.</param>
    public GeluRows Over(TokenRows y, int width)
    {
        (_y, _width) = (y, width);
        return this;
    }

    public void Rows(float* y, int from, int to) => Run(_y.From(from), to - from, _width);

    public static void Run(TokenRows y, int rows, int width)
    {
        if (y.Stride == width) Map.Run<Gelu>(y.Row(0), y.Row(0), rows * width);
        else for (int row = 0; row < rows; row++) Map.Run<Gelu>(y.Row(row), y.Row(row), width);
    }
}
