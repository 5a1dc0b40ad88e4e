namespace Hone.Devices.Cpu.Runtime.Heads;

/// <summary>
/// Keys and values as the tiles read them: keys [batch][key heads][width][keys], values [batch][key heads][keys][width], the last of each padded with zeros. As a step it takes the new
/// keys and values from X; what else a cache holds stays.
/// </summary>
internal sealed unsafe class Memory : Step
{
    private const int Block = 16;   // keys turned at a time: their lines share few sets of the first cache, being a stride apart
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

    public float* Keys(int batch, int kvHead) => _keys.Pointer + (nint)(batch * _shape.KvHeads + kvHead) * _shape.Width * _shape.KeysPadded;

    public float* Values(int batch, int kvHead) => _values.Pointer + (nint)(batch * _shape.KvHeads + kvHead) * _shape.KeysPadded * _shape.WidthPadded;

    public void Take(float* x, Workers workers)
    {
        _x = x;
        workers.Run(this);
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_shape.Batch * _shape.KvHeads, part, parts);
        for (int head = from; head < to; head++)
            Put(_x + _shape.Key(head / _shape.KvHeads, head % _shape.KvHeads), _shape.KeyStride, _shape.ValueOffset, head, _shape.Keys - _shape.New, _shape.New);
    }

    private void Put(float* from, int stride, int valueOffset, int head, int at, int count)
    {
        float* keys = Keys(0, head) + at, values = Values(0, head) + (nint)at * _shape.WidthPadded;
        for (int block = 0; block < count; block += Block)
        for (int c = 0; c < _shape.Width; c++)
        for (int j = block; j < Math.Min(count, block + Block); j++) keys[(nint)c * _shape.KeysPadded + j] = from[(nint)j * stride + c];
        for (int j = 0; j < count; j++) new ReadOnlySpan<float>(from + (nint)j * stride + valueOffset, _shape.Width).CopyTo(new Span<float>(values + (nint)j * _shape.WidthPadded, _shape.Width));
    }
}
