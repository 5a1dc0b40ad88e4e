using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu.Gemm.Inputs;

/// <summary>Floats to 8-bit codes, to the nearest, ties to even.</summary>
internal static unsafe class Rounding
{
    public const int Largest = 127;

    /// <summary>What takes the largest magnitude to the largest code; 0 where all are 0.</summary>
    public static float Inverse(float magnitude) => magnitude > 0 ? Largest / magnitude : 0;

    /// <summary>The largest |x|.</summary>
    public static float Magnitude(float* x, int count)
    {
        float largest = 0;
        int i = 0;
        if (Avx512BW.VL.IsSupported)
        {
            Vector512<float> a = Vector512<float>.Zero, b = a, c = a, d = a;
            for (; i <= count - 4 * Vector512<float>.Count; i += 4 * Vector512<float>.Count)
            {
                a = Vector512.MaxNative(a, Vector512.Abs(Vector512.Load(x + i)));
                b = Vector512.MaxNative(b, Vector512.Abs(Vector512.Load(x + i + Vector512<float>.Count)));
                c = Vector512.MaxNative(c, Vector512.Abs(Vector512.Load(x + i + 2 * Vector512<float>.Count)));
                d = Vector512.MaxNative(d, Vector512.Abs(Vector512.Load(x + i + 3 * Vector512<float>.Count)));
            }
            for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count) a = Vector512.MaxNative(a, Vector512.Abs(Vector512.Load(x + i)));
            if (i < count) b = Vector512.MaxNative(b, Vector512.Abs(Rest(x + i, count - i)));
            i = count;
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

    /// <summary>Codes of two bytes; their sum, which no kernel of theirs needs, is 0.</summary>
    public static int Shorts(float* x, short* codes, float inverse, int count)
    {
        int i = 0;
        for (; i <= count - Vector<short>.Count; i += Vector<short>.Count) Vector.Store(Pair(x + i, inverse), codes + i);
        for (; i < count; i++) codes[i] = (short)MathF.Round(x[i] * inverse);
        return 0;
    }

    /// <summary>code = x inverse, of a byte; gives the sum of codes.</summary>
    public static int Bytes(float* x, sbyte* codes, float inverse, int count)
    {
        int i = 0, sum;
        if (Avx512BW.VL.IsSupported)
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
            if (i < count)
            {
                Vector512<int> rest = Avx512F.ConvertToVector512Int32(Rest(x + i, count - i) * factor);
                sums += rest;
                Avx512BW.VL.MaskStore(codes + i, Vector128.LessThan(Vector128<sbyte>.Indices, Vector128.Create((sbyte)(count - i))), Avx512F.ConvertToVector128SByteWithSaturation(rest));
                i = count;
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

    // Fewer than a vector of them, and zeros.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Rest(float* x, int count) => Avx512F.MaskLoad(x, Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle(), Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> Code(Vector<float> x, Vector<float> inverse) => Vector.ConvertToInt32Native(Vector.Round(x * inverse));

    private static Vector<short> Pair(float* x, float inverse) => Vector.Narrow(Code(Vector.Load(x), new Vector<float>(inverse)), Code(Vector.Load(x + Vector<float>.Count), new Vector<float>(inverse)));
}
