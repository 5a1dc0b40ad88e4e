using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision;

/// <summary>A layer norm of single rows.</summary>
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

    /// <summary>Y may be X; both have shape (C).</summary>
    public void Row(float* x, float* y) => Rows.LayerNorm(x, _gain.Pointer, _bias.Pointer, y, _gain.Count, _epsilon);
}
