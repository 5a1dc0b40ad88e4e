using System.Numerics;
using Hone.Devices.Cpu.Runtime.Functions;

namespace Hone.Devices.Cpu.Runtime.Convolution;

/// <summary>A convolution of every channel for itself, in floats, a vector of channels at a time; the workers share the positions.</summary>
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
        for (int position = from; position < to; position++)
        for (int c = 0; c < _shape.Channels; c += Vector<float>.Count) Lanes.Store(Sum(position, c), _y + (nint)position * _shape.Channels + c, _shape.Channels - c);
    }

    private Vector<float> Sum(int position, int channel)
    {
        (int image, int top, int left) = _shape.At(position);
        int rest = _shape.Channels - channel;
        Vector<float> sum = Lanes.Load(_bias.Pointer + channel, rest);
        float* weights = _weights.Pointer + channel;
        for (int y = 0; y < _shape.KernelHeight; y++)
        for (int x = 0; x < _shape.KernelWidth; x++, weights += _shape.Channels)
        {
            nint element = _shape.Element(image, top + y, left + x);
            if (element >= 0) sum = Vector.FusedMultiplyAdd(Lanes.Load(_x + element + channel, rest), Lanes.Load(weights, rest), sum);
        }
        return sum;
    }
}
