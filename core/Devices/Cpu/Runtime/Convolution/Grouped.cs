namespace Hone.Devices.Cpu.Runtime.Convolution;

/// <summary>Any convolution one element after the other: the reference, and what runs groups that no fast one covers.</summary>
/// <param name="weights">[outputs][kernel height][kernel width][channels of a group].</param>
/// <param name="bias">[outputs].</param>
internal sealed unsafe class Grouped(ConvShape shape, float[] weights, float[] bias) : PositionStep(shape.Positions)
{
    protected override void One(int position)
    {
        for (int output = 0; output < shape.Outputs; output++) Y[(nint)position * shape.Outputs + output] = Sum(position, output);
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
            for (int c = 0; c < channels && element >= 0; c++) sum += X[element + first + c] * weights[weight + c];
        }
        return sum;
    }
}
