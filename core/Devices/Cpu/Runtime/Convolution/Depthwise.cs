using Hone.Devices.Cpu.Runtime.Functions;

namespace Hone.Devices.Cpu.Runtime.Convolution;

/// <summary>A convolution of every channel for itself, in floats, all channels of a position at once; the workers share the positions.</summary>
internal sealed unsafe class Depthwise : Step, IConvolution
{
    private readonly ConvShape _shape;
    private readonly Buffer64<float> _weights, _bias;
    private float* _x, _y;

    /// <param name="weights">[channels][kernel height][kernel width].</param>
    /// <param name="bias">[channels].</param>
    public Depthwise(ConvShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        (_shape, _weights, _bias) = (shape, new Buffer64<float>(weights.Length), new Buffer64<float>(bias.Length));
        bias.CopyTo(_bias.Span);
        for (int c = 0; c < shape.Channels; c++)
        for (int k = 0; k < shape.Inputs; k++) _weights.Span[k * shape.Channels + c] = weights[c * shape.Inputs + k];
    }

    public InstructionSet Instructions => InstructionSet.Scalar;

    public void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers)
    {
        fixed (float* from = x, to = y)
        {
            _x = from;
            _y = to;
            workers.Run(this);
        }
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_shape.Positions, part, parts);
        for (int position = from; position < to; position++) One(position, _y + (nint)position * _shape.Channels);
    }

    private void One(int position, float* y)
    {
        int channels = _shape.Channels;
        (int image, int top, int left) = _shape.At(position);
        _bias.Span.CopyTo(new Span<float>(y, channels));
        float* weights = _weights.Pointer;
        for (int ky = 0; ky < _shape.KernelHeight; ky++)
        for (int kx = 0; kx < _shape.KernelWidth; kx++, weights += channels)
        {
            nint element = _shape.Element(image, top + ky, left + kx);
            if (element >= 0) Rows.AddProduct(_x + element, weights, y, channels);
        }
    }
}
