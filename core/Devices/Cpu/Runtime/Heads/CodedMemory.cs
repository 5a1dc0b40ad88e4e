using System.Numerics;
using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Gemm.Inputs;
using Hone.Devices.Cpu.Runtime.Functions;

namespace Hone.Devices.Cpu.Runtime.Heads;

/// <summary>
/// Keys and values in 8-bit codes as panels of a tile that takes four codes of K at a time, plus its offset: keys [batch][key heads][panels of keys][width / 4][columns][4] with a scale for each key, values
/// [batch][key heads][panels of width][keys / 4][columns][4] with a scale for each column. As a step it takes both from X.
/// </summary>
internal sealed unsafe class CodedMemory : Step
{
    /// <summary>Codes of K that the tile takes at a time.</summary>
    public const int Codes = 4;

    private readonly AttentionShape _shape;
    private readonly int _columns, _offset, _keysPadded, _widthPadded;
    private readonly Buffer64<byte> _keys, _values, _rows;
    private readonly Buffer64<float> _keyScales, _valueScales;
    private float* _x;

    /// <param name="parts">Workers that will run it.</param>
    public CodedMemory(AttentionShape shape, TileKernel tile, int parts)
    {
        (_shape, _columns, _offset, _keysPadded, _widthPadded) = (shape, tile.Columns, tile.WeightOffset, tile.Padded(shape.Keys), tile.Padded(shape.Width));
        int heads = checked(shape.Batch * shape.KvHeads);
        (_keys, _values) = (new Buffer64<byte>(checked(heads * _keysPadded * RowBytes)), new Buffer64<byte>(checked(heads * _keysPadded * _widthPadded)));
        (_keyScales, _valueScales, _rows) = (new Buffer64<float>(heads * _keysPadded), new Buffer64<float>(heads * _widthPadded), new Buffer64<byte>(parts * _columns * RowBytes));
    }

    /// <summary>Bytes of a query or key: its width in whole steps.</summary>
    public int RowBytes => (_shape.Width + Codes - 1) / Codes * Codes;

    /// <summary>The panel that begins with this key.</summary>
    public byte* Keys(int head, int key) => _keys.Pointer + ((nint)head * _keysPadded + key) * RowBytes;

    /// <summary>[keys] of a head, divided by the root of the width.</summary>
    public float* KeyScales(int head) => _keyScales.Pointer + (nint)head * _keysPadded;

    /// <summary>The panel that begins with this column, from a key on that is a multiple of four.</summary>
    public byte* Values(int head, int column, int key) => _values.Pointer + ((nint)head * _widthPadded + column) * _keysPadded + (nint)key * _columns;

    /// <summary>[width] of a head.</summary>
    public float* ValueScales(int head) => _valueScales.Pointer + (nint)head * _widthPadded;

    public void Take(float* x, Workers workers)
    {
        _x = x;
        workers.Run(this);
    }

    protected internal override void Part(int part, int parts)
    {
        int heads = _shape.Batch * _shape.KvHeads, keyPanels = _keysPadded / _columns, valuePanels = _widthPadded / _columns;
        (int from, int to) = Share(heads * keyPanels, part, parts);
        for (int i = from; i < to; i++) KeyPanel(i / keyPanels, i % keyPanels * _columns, _rows.Pointer + (nint)part * _columns * RowBytes);
        (from, to) = Share(heads * valuePanels, part, parts);
        for (int i = from; i < to; i++) ValuePanel(i / valuePanels, i % valuePanels * _columns);
    }

    private float* From(int head) => _x + _shape.Key(head / _shape.KvHeads, head % _shape.KvHeads);

    private void KeyPanel(int head, int first, byte* rows)
    {
        float root = MathF.Sqrt(_shape.Width);
        float* scales = KeyScales(head);
        int count = Math.Min(_columns, _shape.Keys - first);
        for (int j = 0; j < count; j++)
        {
            float* x = From(head) + (nint)(first + j) * _shape.KeyStride;
            float most = Rounding.Magnitude(x, _shape.Width);
            scales[first + j] = most / (Rounding.Largest * root);
            byte* row = rows + j * RowBytes;
            Rounding.Bytes(x, (sbyte*)row, Rounding.Inverse(most), _shape.Width);
            if (_offset == 0) continue;
            var offsets = new Vector<byte>((byte)_offset);
            int i = 0;
            for (; i <= RowBytes - Vector<byte>.Count; i += Vector<byte>.Count) Vector.Store(Vector.Load(row + i) + offsets, row + i);
            for (; i < RowBytes; i++) row[i] = unchecked((byte)(row[i] + _offset));
        }
        Turn.Run((float*)rows, RowBytes / Codes, count, RowBytes / Codes, (float*)Keys(head, first), _columns);   // four codes are moved like one float
    }

    private void ValuePanel(int head, int first)
    {
        float* x = From(head) + _shape.ValueOffset + first, scales = ValueScales(head) + first;
        int width = Math.Min(_columns, _shape.Width - first), c = 0;
        for (; c <= width - Vector<float>.Count; c += Vector<float>.Count) Column<Whole>(x + c, width - c, scales + c, Values(head, first, 0) + c * Codes);
        if (c < width) Column<Partial>(x + c, width - c, scales + c, Values(head, first, 0) + c * Codes);
    }

    // A vector of columns.
    private void Column<TLanes>(float* x, int left, float* scales, byte* to) where TLanes : struct, ILanes
    {
        nint stride = _shape.KeyStride;
        Vector<float> most = Vector<float>.Zero;
        for (int j = 0; j < _shape.Keys; j++) most = Vector.MaxNative(most, Vector.Abs(TLanes.Load(x + j * stride, left)));
        TLanes.Store(most * new Vector<float>(1f / Rounding.Largest), scales, left);
        Vector<float> inverses = Vector.ConditionalSelect(Vector.GreaterThan(most, Vector<float>.Zero), new Vector<float>(Rounding.Largest) / most, Vector<float>.Zero);
        for (int j = 0; j < _shape.Keys; j += Codes, to += _columns * Codes)
        {
            Vector<int> word = Vector<int>.Zero;
            for (int i = Math.Min(Codes, _shape.Keys - j) - 1; i >= 0; i--)   // codes of keys that are not there meet weights of 0
                word = (word << 8) | ((Rounding.Code(TLanes.Load(x + (j + i) * stride, left), inverses) + new Vector<int>(_offset)) & new Vector<int>(0xFF));
            TLanes.Store(Vector.AsVectorSingle(word), (float*)to, left);
        }
    }
}
