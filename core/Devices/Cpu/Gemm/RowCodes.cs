using System.Numerics;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// X [M][K] in 8-bit codes, each row with a scale of its own: s = max |x| / 127, code = x / s to the nearest integer, ties to even. Laid out as a kernel reads them: in one byte or two,
/// padded with 0.
/// </summary>
internal sealed unsafe class RowCodes : Step
{
    public const int Largest = 127;
    private readonly TileKernel _kernel;
    private readonly int _inputs, _capacity, _codeBytes;
    private readonly Buffer64<byte> _codes;
    private readonly Buffer64<float> _scales;
    private readonly Buffer64<int> _offsets;
    private float* _x;
    private int _rows;

    /// <param name="capacity">The most rows.</param>
    public RowCodes(TileKernel kernel, int inputs, int capacity)
    {
        (_kernel, _inputs, _capacity) = (kernel, inputs, capacity);
        int step = kernel.Step * kernel.Codes;
        (_codeBytes, Stride) = (kernel.InputBytes / kernel.Codes, (inputs + step - 1) / step * kernel.Step * kernel.InputBytes);
        _offsets = new Buffer64<int>(capacity);
        _codes = new Buffer64<byte>(checked(capacity * Stride));
        _scales = new Buffer64<float>(capacity);
    }

    /// <summary>Bytes from row to row.</summary>
    public int Stride { get; }

    /// <summary>Valid as long as this object is referenced.</summary>
    public byte* Codes => _codes.Pointer;

    /// <summary>[M].</summary>
    public float* Scales => _scales.Pointer;

    /// <summary>[M]: minus the sum of a row's codes, times the offset of the kernel's weights; 0 of a kernel without.</summary>
    public int* Offsets => _offsets.Pointer;

    /// <summary>The workers share the rows.</summary>
    /// <exception cref="ArgumentException">More rows than fit.</exception>
    public void Take(float* x, int rows, Workers workers)
    {
        if (rows > _capacity) throw new ArgumentException($"expected at most {_capacity} rows, got {rows}");
        _x = x;
        _rows = rows;
        workers.Run(this);
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_rows, part, parts);
        for (int row = from; row < to; row++)
        {
            float* x = _x + (nint)row * _inputs;
            float largest = Magnitude(x, _inputs);
            _scales.Pointer[row] = largest / Largest;
            float inverse = largest > 0 ? Largest / largest : 0;
            byte* codes = _codes.Pointer + (nint)row * Stride;
            if (_codeBytes == sizeof(short)) Shorts(x, (short*)codes, inverse);
            else SingleBytes(x, (sbyte*)codes, inverse);
            if (_kernel.WeightOffset > 0) _offsets.Pointer[row] = -_kernel.WeightOffset * Sum((sbyte*)codes, _inputs);
        }
    }

    private static float Magnitude(float* x, int count)
    {
        Vector<float> most = Vector<float>.Zero;
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) most = Vector.Max(most, Vector.Abs(Vector.Load(x + i)));
        float largest = 0;
        for (int lane = 0; lane < Vector<float>.Count; lane++) largest = MathF.Max(largest, most[lane]);
        for (; i < count; i++) largest = MathF.Max(largest, MathF.Abs(x[i]));
        return largest;
    }

    private static int Sum(sbyte* codes, int count)
    {
        Vector<int> sums = Vector<int>.Zero;
        int i = 0;
        for (; i <= count - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            Vector.Widen(Vector.Load(codes + i), out Vector<short> low, out Vector<short> high);
            Vector.Widen(low + high, out Vector<int> first, out Vector<int> second);
            sums += first + second;
        }
        int sum = Vector.Sum(sums);
        for (; i < count; i++) sum += codes[i];
        return sum;
    }

    private void Shorts(float* x, short* codes, float inverse)
    {
        int i = 0;
        for (; i <= _inputs - Vector<short>.Count; i += Vector<short>.Count) Vector.Store(Pair(x + i, inverse), codes + i);
        for (; i < _inputs; i++) codes[i] = (short)MathF.Round(x[i] * inverse);
    }

    private void SingleBytes(float* x, sbyte* codes, float inverse)
    {
        int i = 0;
        for (; i <= _inputs - Vector<sbyte>.Count; i += Vector<sbyte>.Count) Vector.Store(Vector.Narrow(Pair(x + i, inverse), Pair(x + i + Vector<short>.Count, inverse)), codes + i);
        for (; i < _inputs; i++) codes[i] = (sbyte)MathF.Round(x[i] * inverse);
    }

    private static Vector<short> Pair(float* x, float inverse) => Vector.Narrow(Code(x, inverse), Code(x + Vector<float>.Count, inverse));

    private static Vector<int> Code(float* x, float inverse) => Vector.ConvertToInt32Native(Vector.Round(Vector.Load(x) * inverse));
}
