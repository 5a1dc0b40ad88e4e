namespace Hone.Devices.Cpu.Runtime.Heads;

/// <summary>
/// Keys and values as panels of the tiles: keys [batch][key heads][panels of keys][width][columns], values [batch][key heads][panels of width][keys][columns], what lies beyond zero. As a step it takes the new
/// keys and values from X; what else a cache holds stays.
/// </summary>
internal sealed unsafe class Memory : Step
{
    private static readonly int s_columns = AttentionShape.Tile.Columns;
    private readonly AttentionShape _shape;
    private readonly Buffer64<float> _keys, _values;
    private float* _x;

    /// <param name="before">Keys and values of a cache, [batch][key heads][keys][k | v]; else empty. New ones take the place of the last.</param>
    public Memory(AttentionShape shape, ReadOnlySpan<float> before)
    {
        _shape = shape;
        int heads = checked(shape.Batch * shape.KvHeads);
        (_keys, _values) = (new Buffer64<float>(checked(heads * shape.Width * shape.KeysPadded)), new Buffer64<float>(checked(heads * shape.KeysPadded * shape.WidthPadded)));
        fixed (float* from = before)
            for (int head = 0; head < heads && !before.IsEmpty; head++) Put(from + (nint)head * shape.Keys * 2 * shape.Width, 2 * shape.Width, shape.Width, head, 0, shape.Keys);
    }

    /// <summary>The panel that begins with this key.</summary>
    public float* Keys(int batch, int kvHead, int key) => _keys.Pointer + (nint)(batch * _shape.KvHeads + kvHead) * _shape.Width * _shape.KeysPadded + (nint)key * _shape.Width;

    /// <summary>The panel that begins with this element of the values, from a key on.</summary>
    public float* Values(int batch, int kvHead, int column, int key) =>
        _values.Pointer + (nint)(batch * _shape.KvHeads + kvHead) * _shape.KeysPadded * _shape.WidthPadded + (nint)column * _shape.KeysPadded + (nint)key * s_columns;

    public void Take(float* x, Workers workers)
    {
        _x = x;
        workers.Run(this);
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_shape.Batch * _shape.KvHeads * _shape.New, part, parts);
        for (int end; from < to; from = end)
        {
            int head = from / _shape.New, first = from % _shape.New;
            end = Math.Min(to, (head + 1) * _shape.New);
            float* x = _x + _shape.Key(head / _shape.KvHeads, head % _shape.KvHeads) + (nint)first * _shape.KeyStride;
            Put(x, _shape.KeyStride, _shape.ValueOffset, head, _shape.Keys - _shape.New + first, end - from);
        }
    }

    private void Put(float* from, int stride, int valueOffset, int head, int at, int count)
    {
        for (int last = at + count, end; at < last; at = end)
        {
            int key = at / s_columns * s_columns;
            end = Math.Min(last, key + s_columns);
            float* keys = Keys(0, head, key) + (at - key);
            Turn.Run(from, stride, end - at, _shape.Width, keys, s_columns);
            for (int j = at; j < end; j++, from += stride)
            for (int c = 0; c < _shape.Width; c += s_columns)
            {
                int width = Math.Min(s_columns, _shape.Width - c);
                new ReadOnlySpan<float>(from + valueOffset + c, width).CopyTo(new Span<float>(Values(0, head, c, j), width));
            }
        }
    }
}
