using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision;

/// <summary>A layer norm of rows.</summary>
internal sealed unsafe class Norm
{
    private readonly Buffer64<float> _gain, _bias;
    private readonly float _epsilon;

    public Norm(NormLayer layer, float epsilon)
    {
        (_gain, _bias, _epsilon) = (new Buffer64<float>(layer.Gain.Length), new Buffer64<float>(layer.Bias.Length), epsilon);
        layer.Gain.CopyTo(_gain.Span);
        layer.Bias.CopyTo(_bias.Span);
    }

    /// <summary>X [rows][C] to Y of the same shape, which may not overlap it.</summary>
    public void Rows(TokenRows x, TokenRows y, int rows) => Norms.LayerNorm(x.Row(0), x.Stride, _gain.Pointer, _bias.Pointer, y.Row(0), y.Stride, rows, _gain.Count, _epsilon);
}
