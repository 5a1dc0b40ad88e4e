namespace Hone.Devices.Cpu.Runtime.Convolution;

/// <summary>Any convolution one element after the other: the reference, and what runs groups that no fast one covers.</summary>
/// <param name="weights">[outputs][kernel height][kernel width][channels of a group].</param>
/// <param name="bias">[outputs].</param>
internal sealed unsafe class Grouped(ConvShape shape, float[] weights, float[] bias) : Step, IConvolution
{
    private float* _x, _y;

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
        (int from, int to) = Share(shape.Positions, part, parts);
        for (int position = from; position < to; position++)
        for (int output = 0; output < shape.Outputs; output++) _y[(nint)position * shape.Outputs + output] = Sum(position, output);
    }

    private float Sum(int position, int output)
    {
        (int image, int top, int left) = shape.At(position);
        int channels = shape.Channels / shape.Groups, first = output / (shape.Outputs / shape.Groups) * channels, weight = output * shape.Inputs;
        float sum = bias[output];
        for (int y = 0; y < shape.KernelHeight; y++)
        for (int x = 0; x < shape.KernelWidth; x++, weight += channels)
        {
            nint element = shape.Element(image, top + y, left + x);
            for (int c = 0; c < channels && element >= 0; c++) sum += _x[element + first + c] * weights[weight + c];
        }
        return sum;
    }
}
