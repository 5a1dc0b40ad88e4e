using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu.Gemm.Inputs;

/// <summary>
/// Rows in 8-bit codes, each with a scale of its own: s = max |x| / 127, code = x / s to the nearest integer, ties to even; in one byte or two, as the kernel reads them.
/// </summary>
internal sealed unsafe class RowCodes : PreparedRows
{
    public const int Largest = 127;
    private readonly int _offset;
    private readonly bool _wide;
    private readonly Buffer64<float> _scales;
    private readonly Buffer64<int> _offsets;

    /// <param name="capacity">The most rows.</param>
    /// <param name="group">Inputs whose weights share a scale, the last group perhaps fewer.</param>
    public RowCodes(TileKernel kernel, int inputs, int capacity, int group)
        : base(inputs, kernel.PaddedInputs(inputs) * kernel.InputBytes, capacity)
    {
        (_offset, _wide) = (kernel.WeightOffset, kernel.InputBytes / kernel.Codes == sizeof(short));
        (Group, Groups) = (group, (inputs + group - 1) / group);
        (_scales, _offsets) = (new Buffer64<float>(capacity), new Buffer64<int>(checked(Groups * capacity)));
    }

    /// <summary>[M].</summary>
    public float* Scales => _scales.Pointer;

    /// <summary>Inputs whose weights share a scale.</summary>
    public int Group { get; }

    /// <summary>How many such groups there are.</summary>
    public int Groups { get; }

    /// <summary>[groups][capacity]: minus the sum of a row's codes, times the offset of the kernel's weights; 0 of a kernel without.</summary>
    public int* Offsets => _offsets.Pointer;

    protected override void Prepare(int row, float* x, byte* to)
    {
        float largest = Magnitude(x, Inputs), inverse = largest > 0 ? Largest / largest : 0;
        _scales.Pointer[row] = largest / Largest;
        for (int group = 0; group < Groups; group++)
        {
            int from = group * Group, count = Math.Min(Group, Inputs - from);
            _offsets.Pointer[group * Capacity + row] = -_offset * (_wide ? Shorts(x + from, (short*)to + from, inverse, count) : Bytes(x + from, (sbyte*)to + from, inverse, count));
        }
    }

    /// <summary>The largest |x|.</summary>
    public static float Magnitude(float* x, int count)
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
    private static int Shorts(float* x, short* codes, float inverse, int count)
    {
        int i = 0;
        for (; i <= count - Vector<short>.Count; i += Vector<short>.Count) Vector.Store(Pair(x + i, inverse), codes + i);
        for (; i < count; i++) codes[i] = (short)MathF.Round(x[i] * inverse);
        return 0;
    }

    // Codes of a byte, and their sum.
    private static int Bytes(float* x, sbyte* codes, float inverse, int count)
    {
        int i = 0, sum;
        if (Avx512BW.IsSupported)
        {
            Vector512<int> sums = Vector512<int>.Zero;
            Vector512<float> factor = Vector512.Create(inverse);
            Vector512<int> order = Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);   // packing works within 128 bits
            for (; i <= count - Vector512<sbyte>.Count; i += Vector512<sbyte>.Count)
            {
                Vector512<int> a = Avx512F.ConvertToVector512Int32(Vector512.Load(x + i) * factor), b = Avx512F.ConvertToVector512Int32(Vector512.Load(x + i + 16) * factor),
                    c = Avx512F.ConvertToVector512Int32(Vector512.Load(x + i + 32) * factor), d = Avx512F.ConvertToVector512Int32(Vector512.Load(x + i + 48) * factor);
                sums += a + b + (c + d);
                Vector512<sbyte> packed = Avx512BW.PackSignedSaturate(Avx512BW.PackSignedSaturate(a, b), Avx512BW.PackSignedSaturate(c, d));
                Avx512F.PermuteVar16x32(packed.AsInt32(), order).AsSByte().Store(codes + i);
            }
            for (; i <= count - Vector512<int>.Count; i += Vector512<int>.Count)
            {
                Vector512<int> few = Avx512F.ConvertToVector512Int32(Vector512.Load(x + i) * factor);
                sums += few;
                Avx512F.ConvertToVector128SByteWithSaturation(few).Store(codes + i);
            }
            sum = Vector512.Sum(sums);
        }
        else
        {
            Vector<int> sums = Vector<int>.Zero;
            for (; i <= count - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
            {
                Vector<short> low = Pair(x + i, inverse), high = Pair(x + i + Vector<short>.Count, inverse);
                Vector.Widen(low + high, out Vector<int> first, out Vector<int> second);
                sums += first + second;
                Vector.Store(Vector.Narrow(low, high), codes + i);
            }
            sum = Vector.Sum(sums);
        }
        for (; i < count; i++) sum += codes[i] = (sbyte)MathF.Round(x[i] * inverse);
        return sum;
    }

    private static Vector<short> Pair(float* x, float inverse) => Vector.Narrow(Code(x, inverse), Code(x + Vector<float>.Count, inverse));

    private static Vector<int> Code(float* x, float inverse) => Vector.ConvertToInt32Native(Vector.Round(Vector.Load(x) * inverse));
}
