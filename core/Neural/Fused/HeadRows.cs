using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Hone.Neural.Quantize;

namespace Hone.Neural.Fused;

/// <summary>One head's rows of d numbers, out of the wider rows of all heads and back.</summary>
internal static class HeadRows
{
    private const int Side = 4;

    /// <summary>One head's rows out of wider ones.</summary>
    public static void Take<T, S>(ReadOnlySpan<T> from, int stride, Span<float> to, int rows, int d) where T : unmanaged where S : IStorage<T>
    {
        for (int i = 0; i < rows; i++) S.Read(from.Slice(i * stride, d), to.Slice(i * d, d));
    }

    /// <summary>One head's rows as columns, (d, row), in squares of four; 0 behind the last.</summary>
    /// <param name="row">At least as many as there are rows, in whole squares.</param>
    /// <param name="d">Whole squares.</param>
    public static void Turn<T, S>(ReadOnlySpan<T> from, int stride, Span<float> to, int row, int rows, int d) where T : unmanaged where S : IStorage<T>
    {
        if (d % Side != 0 || row % Side != 0 || rows > row || to.Length < d * row || from.Length < ((rows - 1) * stride) + d)
            throw new ArgumentException($"expected {rows} x {d} numbers in whole squares of {Side} and room for {d} x {row}, got {from.Length} and {to.Length}");
        ref T source = ref MemoryMarshal.GetReference(from);
        ref float target = ref MemoryMarshal.GetReference(to);
        int whole = rows / Side * Side;
        for (int i = 0; i < whole; i += Side)
            for (int c = 0; c < d; c += Side)
            {
                ref T x = ref Unsafe.Add(ref source, (i * stride) + c);
                Square(Four<T, S>(ref x), Four<T, S>(ref Unsafe.Add(ref x, stride)), Four<T, S>(ref Unsafe.Add(ref x, 2 * stride)), Four<T, S>(ref Unsafe.Add(ref x, 3 * stride)),
                    ref Unsafe.Add(ref target, (c * row) + i), row);
            }
        for (int c = 0; c < d; c++)
        {
            to.Slice((c * row) + whole, row - whole).Clear();
            for (int i = whole; i < rows; i++) to[(c * row) + i] = S.Read(from[(i * stride) + c]);
        }
    }

    public static void Give<T, S>(ReadOnlySpan<float> from, Span<T> to, int stride, int rows, int d) where T : unmanaged where S : IStorage<T>
    {
        for (int i = 0; i < rows; i++) S.Write(from.Slice(i * d, d), to.Slice(i * stride, d));
    }

    /// <summary>to += factor * from.</summary>
    public static void Add(ReadOnlySpan<float> from, float factor, Span<float> to)
    {
        for (int j = 0; j < from.Length; j++) to[j] += factor * from[j];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, ref float to, nint row)
    {
        Vector128<float> ac = Low(a, c), bd = Low(b, d);
        Low(ac, bd).StoreUnsafe(ref to);
        High(ac, bd).StoreUnsafe(ref Unsafe.Add(ref to, row));
        (ac, bd) = (High(a, c), High(b, d));
        Low(ac, bd).StoreUnsafe(ref Unsafe.Add(ref to, 2 * row));
        High(ac, bd).StoreUnsafe(ref Unsafe.Add(ref to, 3 * row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Four<T, S>(ref T from) where T : unmanaged where S : IStorage<T> => S.Four(MemoryMarshal.CreateReadOnlySpan(ref from, Side));

    // The low halves of two vectors, number by number in turn.
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Vector128.Create(a[0], b[0], a[1], b[1]);

    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Vector128.Create(a[2], b[2], a[3], b[3]);
}
