namespace Hone.Devices.Cpu.Runtime.Convolution;

/// <summary>Writes what a convolution multiplies as rows of a matrix, [positions][kernel height][kernel width][channels] (im2col), for some positions at a time; the workers share these.</summary>
internal sealed unsafe class Unfold(ConvShape shape, int capacity) : Step
{
    private readonly Buffer64<float> _rows = new(checked(capacity * shape.Inputs));
    private float* _x;
    private int _from, _count;

    /// <summary>Valid until the next run.</summary>
    public Span<float> Run(float* x, int from, int count, Workers workers)
    {
        _x = x;
        _from = from;
        _count = count;
        workers.Run(this);
        return _rows.Span[..(count * shape.Inputs)];
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_count, part, parts);
        int channels = shape.Channels;
        for (int row = from; row < to; row++)
        {
            (int image, int top, int left) = shape.At(_from + row);
            float* target = _rows.Pointer + (nint)row * shape.Inputs;
            for (int y = 0; y < shape.KernelHeight; y++)
            for (int x = 0; x < shape.KernelWidth; x++, target += channels)
            {
                nint element = shape.Element(image, top + y, left + x);
                if (element < 0) new Span<float>(target, channels).Clear();
                else new ReadOnlySpan<float>(_x + element, channels).CopyTo(new Span<float>(target, channels));
            }
        }
    }
}
