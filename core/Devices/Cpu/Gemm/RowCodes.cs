using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu.Gemm;

/// <summary>
/// X [M][K] in 8-bit codes, each row with a scale of its own: s = max |x| / 127, code = x / s to the nearest integer, ties to even. Laid out as a kernel reads them: in one byte or two,
/// padded with 0.
/// </summary>
internal sealed unsafe class RowCodes : Step
{
    public const int Largest = 127;
    private const int Line = 64;
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
        _codeBytes = kernel.InputBytes / kernel.Codes;
        Stride = ((inputs + step - 1) / step * kernel.Step * kernel.InputBytes + Line - 1) / Line * Line;
        if (Stride / Line % 2 == 0) Stride += Line;   // an odd number of lines: rows of a tile lie in different sets of the first cache
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
            int sum = _codeBytes == sizeof(short) ? Shorts(x, (short*)codes, inverse) : Bytes(x, (sbyte*)codes, inverse);
            _offsets.Pointer[row] = -_kernel.WeightOffset * sum;
        }
    }

    private static float Magnitude(float* x, int count)
    {
        float largest = 0;
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> a = Vector512<float>.Zero, b = a, c = a, d = a;
            for (; i <= count - 4 * Vector512<float>.Count; i += 4 * Vector512<float>.Count)
            {
                a = Vector512.MaxNative(a, Vector512.Abs(Vector512.Load(x + i)));
                b = Vector512.MaxNative(b, Vector512.Abs(Vector512.Load(x + i + Vector512<float>.Count)));
                c = Vector512.MaxNative(c, Vector512.Abs(Vector512.Load(x + i + 2 * Vector512<float>.Count)));
                d = Vector512.MaxNative(d, Vector512.Abs(Vector512.Load(x + i + 3 * Vector512<float>.Count)));
            }
            Vector512<float> most = Vector512.MaxNative(Vector512.MaxNative(a, b), Vector512.MaxNative(c, d));
            Vector256<float> half = Vector256.MaxNative(most.GetLower(), most.GetUpper());
            Vector128<float> quarter = Vector128.MaxNative(half.GetLower(), half.GetUpper());
            quarter = Vector128.MaxNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
            largest = MathF.Max(quarter[0], quarter[1]);
        }
        else
        {
            Vector<float> most = Vector<float>.Zero;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) most = Vector.Max(most, Vector.Abs(Vector.Load(x + i)));
            for (int lane = 0; lane < Vector<float>.Count; lane++) largest = MathF.Max(largest, most[lane]);
        }
        for (; i < count; i++) largest = MathF.Max(largest, MathF.Abs(x[i]));
        return largest;
    }

    // Codes of two bytes; their sum, which no kernel of theirs needs, is 0.
    private int Shorts(float* x, short* codes, float inverse)
    {
        int i = 0;
        for (; i <= _inputs - Vector<short>.Count; i += Vector<short>.Count) Vector.Store(Pair(x + i, inverse), codes + i);
        for (; i < _inputs; i++) codes[i] = (short)MathF.Round(x[i] * inverse);
        return 0;
    }

    // Codes of a byte, and their sum.
    private int Bytes(float* x, sbyte* codes, float inverse)
    {
        int i = 0, sum;
        if (Avx512BW.IsSupported)
        {
            Vector512<int> sums = Vector512<int>.Zero;
            Vector512<float> factor = Vector512.Create(inverse);
            Vector512<int> order = Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);   // packing works within 128 bits
            for (; i <= _inputs - Vector512<sbyte>.Count; i += Vector512<sbyte>.Count)
            {
                Vector512<int> a = Avx512F.ConvertToVector512Int32(Vector512.Load(x + i) * factor), b = Avx512F.ConvertToVector512Int32(Vector512.Load(x + i + 16) * factor),
                    c = Avx512F.ConvertToVector512Int32(Vector512.Load(x + i + 32) * factor), d = Avx512F.ConvertToVector512Int32(Vector512.Load(x + i + 48) * factor);
                sums += a + b + (c + d);
                Vector512<sbyte> packed = Avx512BW.PackSignedSaturate(Avx512BW.PackSignedSaturate(a, b), Avx512BW.PackSignedSaturate(c, d));
                Avx512F.PermuteVar16x32(packed.AsInt32(), order).AsSByte().Store(codes + i);
            }
            sum = Vector512.Sum(sums);
        }
        else
        {
            Vector<int> sums = Vector<int>.Zero;
            for (; i <= _inputs - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
            {
                Vector<short> low = Pair(x + i, inverse), high = Pair(x + i + Vector<short>.Count, inverse);
                Vector.Widen(low + high, out Vector<int> first, out Vector<int> second);
                sums += first + second;
                Vector.Store(Vector.Narrow(low, high), codes + i);
            }
            sum = Vector.Sum(sums);
        }
        for (; i < _inputs; i++) sum += codes[i] = (sbyte)MathF.Round(x[i] * inverse);
        return sum;
    }

    private static Vector<short> Pair(float* x, float inverse) => Vector.Narrow(Code(x, inverse), Code(x + Vector<float>.Count, inverse));

    private static Vector<int> Code(float* x, float inverse) => Vector.ConvertToInt32Native(Vector.Round(Vector.Load(x) * inverse));
}
