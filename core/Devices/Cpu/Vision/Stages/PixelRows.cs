using System.Runtime.Intrinsics;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Stages;

/// <summary>Unfolds the pixels of an image for its first convolution: rows [positions][channels][kernel][kernel] of floats, some positions at a time; the workers share these. Beyond the image are zeros.</summary>
/// <param name="capacity">Positions at a time, at most.</param>
internal sealed unsafe class PixelRows(PixelInput input, ConvLayer conv, int capacity) : Step
{
    private readonly RowBuffer _rows = new(RowBuffer.Floats(capacity, conv.Inputs * conv.Kernel * conv.Kernel));
    private byte* _pixels;
    private int _from, _count;

    private int Width => conv.Inputs * conv.Kernel * conv.Kernel;

    /// <param name="pixels">[channels][side][side]; not read after the run.</param>
    public TokenRows Run(byte* pixels, int from, int count, Workers workers)
    {
        _pixels = pixels;
        (_from, _count) = (from, count);
        workers.Run(this);
        return _rows.As(count, Width);
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_count, part, parts);
        TokenRows rows = _rows.As(_count, Width);
        int size = conv.Out(input.Side);
        for (int i = from; i < to; i++)
        {
            int top = ((_from + i) / size * conv.Stride) - conv.Padding, left = ((_from + i) % size * conv.Stride) - conv.Padding;
            float* y = rows.Row(i);
            for (int channel = 0; channel < conv.Inputs; channel++)
                for (int row = top; row < top + conv.Kernel; row++, y += conv.Kernel) Line(channel, row, left, y);
        }
    }

    // A line of the kernel.
    private void Line(int channel, int row, int left, float* y)
    {
        int side = input.Side, first = Math.Clamp(-left, 0, conv.Kernel), last = row >= 0 && row < side ? Math.Clamp(side - left, first, conv.Kernel) : first;
        new Span<float>(y, first).Clear();
        new Span<float>(y + last, conv.Kernel - last).Clear();
        if (last == first) return;
        byte* x = _pixels + ((((nint)channel * side) + row) * side) + left;
        float scale = input.Scale[channel], offset = input.Offset[channel];
        int i = first;
        for (; i <= last - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Load(x + i));
            Quarter(Vector128.WidenLower(low), scale, offset, y + i);
            Quarter(Vector128.WidenUpper(low), scale, offset, y + i + 4);
            Quarter(Vector128.WidenLower(high), scale, offset, y + i + 8);
            Quarter(Vector128.WidenUpper(high), scale, offset, y + i + 12);
        }
        for (; i < last; i++) y[i] = (x[i] * scale) + offset;
    }

    private static void Quarter(Vector128<uint> pixels, float scale, float offset, float* y) => ((Vector128.ConvertToSingle(pixels.AsInt32()) * scale) + Vector128.Create(offset)).Store(y);
}
