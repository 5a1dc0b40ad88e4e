using Hone.Devices.Cpu.Runtime.Functions;

namespace Hone.Devices.Cpu.Runtime.Convolution;

/// <summary>A convolution of every channel for itself, in floats, all channels of a position at once; the workers share the positions.</summary>
internal sealed unsafe class Depthwise : PositionStep
{
    private readonly ConvShape _shape;
    private readonly Buffer64<float> _weights, _bias;

    /// <param name="weights">[channels][kernel height][kernel width].</param>
    /// <param name="bias">[channels].</param>
    public Depthwise(ConvShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias) : base(shape.Positions)
    {
        (_shape, _weights, _bias) = (shape, new Buffer64<float>(weights.Length), new Buffer64<float>(bias.Length));
        bias.CopyTo(_bias.Span);
        for (int c = 0; c < shape.Channels; c++)
        for (int k = 0; k < shape.Inputs; k++) _weights.Span[k * shape.Channels + c] = weights[c * shape.Inputs + k];
    }

    protected override void One(int position)
    {
        float* y = Y + (nint)position * _shape.Channels;
        int channels = _shape.Channels;
        (int image, int top, int left) = _shape.At(position);
        _bias.Span.CopyTo(new Span<float>(y, channels));
        float* weights = _weights.Pointer;
        for (int ky = 0; ky < _shape.KernelHeight; ky++)
        for (int kx = 0; kx < _shape.KernelWidth; kx++, weights += channels)
        {
            nint element = _shape.Element(image, top + ky, left + kx);
            if (element >= 0) Rows.AddProduct(X + element, weights, y, channels);
        }
    }
}
