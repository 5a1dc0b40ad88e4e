using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Runtime.Heads;

namespace Hone.Devices.Cpu.Vision.Heads;

/// <summary>
/// Keys and values of one image as panels of the tiles, for each worker its own: keys [heads][panels of keys][d][columns], values [heads][panels of d][n][columns]. What lies beyond n and d is left from before,
/// finite and of no account.
/// </summary>
internal sealed unsafe class HeadPanels
{
    private readonly TileKernel _tile = TileKernel.Float[^1];
    private readonly Buffer64<float> _keys, _values;
    private readonly int _keysOfPart, _valuesOfPart;

    /// <param name="parts">Workers.</param>
    /// <param name="largest">The largest image for each kind of block.</param>
    public HeadPanels(int parts, IEnumerable<HeadSizes> largest)
    {
        foreach (HeadSizes s in largest)
            (_keysOfPart, _valuesOfPart) = (Math.Max(_keysOfPart, checked(s.Heads * s.Width * _tile.Padded(s.Count))), Math.Max(_valuesOfPart, checked(s.Heads * s.Count * _tile.Padded(s.Width))));
        (_keys, _values) = (new Buffer64<float>(checked(parts * _keysOfPart)), new Buffer64<float>(checked(parts * _valuesOfPart)));
    }

    /// <summary>The panel of keys that begins with this one.</summary>
    public float* Keys(int part, HeadSizes s, int head, int key) => _keys.Pointer + (nint)part * _keysOfPart + (nint)head * s.Width * _tile.Padded(s.Count) + (nint)key * s.Width;

    /// <summary>The panel of values that begins with this element.</summary>
    public float* Values(int part, HeadSizes s, int head, int column) => _values.Pointer + (nint)part * _valuesOfPart + ((nint)head * _tile.Padded(s.Width) + column) * s.Count;

    /// <param name="x">[n][q of all heads | k | v].</param>
    public void Take(int part, HeadSizes s, TokenRows x)
    {
        int columns = _tile.Columns;
        for (int head = 0; head < s.Heads; head++)
        {
            float* k = x.Row(0) + (s.Heads + head) * s.Width, v = k + s.Heads * s.Width;
            for (int key = 0; key < s.Count; key += columns)
                Turn.Run(k + (nint)key * x.Stride, x.Stride, Math.Min(columns, s.Count - key), s.Width, Keys(part, s, head, key), columns);
            for (int c = 0; c < s.Width; c += columns)
            {
                int some = Math.Min(columns, s.Width - c);
                float* to = Values(part, s, head, c);
                for (int key = 0; key < s.Count; key++, to += columns) new ReadOnlySpan<float>(v + (nint)key * x.Stride + c, some).CopyTo(new Span<float>(to, some));
            }
        }
    }
}
