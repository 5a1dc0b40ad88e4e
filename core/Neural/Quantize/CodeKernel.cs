using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Neural.Quantize;

/// <summary>What one quantiser does to a number x: Out * round(clamp(In * x, Low, High)).</summary>
internal readonly record struct CodeRange(float In, float Low, float High, float Out);

/// <summary>
/// A quantiser's two passes over plain numbers, each fused into one loop. Two vectors a turn with a scalar tail of the same formula; sums run in a fixed
/// order, so the same numbers always give the same bits. Rounding is to the nearest, halves to even; a NaN stays a NaN. Vectors of 256 bits on every processor: with
/// those of 512 bits, where they are made of two, the quantisers of a small net cost 2.6 times as much [measured].
/// </summary>
internal static class CodeKernel
{
    private const int Width = 16;        // numbers a turn: two vectors
    private const int Section = 4_096;   // numbers summed in float32 before they join the double

    /// <summary>y[i] = Out round(clamp(In x[i], Low, High)).</summary>
    public static void Forward<TX, SX, TY, SY>(ReadOnlySpan<TX> x, Span<TY> y, CodeRange r)
        where TX : unmanaged where SX : IStorage<TX> where TY : unmanaged where SY : IStorage<TY>
    {
        int i = 0;
        for (; i <= x.Length - Width; i += Width)
        {
            (Vector256<float> a, Vector256<float> b) = SX.Load(x.Slice(i, Width));
            SY.Store(Code(a * r.In, r) * r.Out, Code(b * r.In, r) * r.Out, y.Slice(i, Width));
        }
        for (; i < x.Length; i++) y[i] = SY.Write(Code(SX.Read(x[i]) * r.In, r) * r.Out);
    }

    /// <summary>
    /// From g = dL/dy: dx[i] = In Out g[i] where In x[i] lies within [Low, High], else 0; returns dL/dIn = Out sum g x (within) and dL/dOut = sum g round(clamp(In x)).
    /// </summary>
    public static (double In, double Out) Backward<TX, SX, TG, SG>(ReadOnlySpan<TX> x, ReadOnlySpan<TG> g, Span<TX> dx, CodeRange r)
        where TX : unmanaged where SX : IStorage<TX> where TG : unmanaged where SG : IStorage<TG>
    {
        double sumIn = 0, sumOut = 0;
        float factor = r.In * r.Out;
        int i = 0, whole = x.Length / Width * Width;
        while (i < whole)
        {
            Vector256<float> partIn = default, partOut = default;
            for (int end = Math.Min(whole, i + Section); i < end; i += Width)
            {
                (Vector256<float> xa, Vector256<float> xb) = SX.Load(x.Slice(i, Width));
                (Vector256<float> ga, Vector256<float> gb) = SG.Load(g.Slice(i, Width));
                Vector256<float> wa = Within(xa * r.In, ga, r), wb = Within(xb * r.In, gb, r);
                SX.Store(wa * factor, wb * factor, dx.Slice(i, Width));
                partIn += (wa * xa) + (wb * xb);
                partOut += (ga * Code(xa * r.In, r)) + (gb * Code(xb * r.In, r));
            }
            sumIn += Vector256.Sum(partIn);
            sumOut += Vector256.Sum(partOut);
        }
        for (; i < x.Length; i++)
        {
            float v = SX.Read(x[i]), u = v * r.In, gradient = SG.Read(g[i]), within = u >= r.Low && u <= r.High ? gradient : 0;
            dx[i] = SX.Write(within * factor);
            sumIn += within * v;
            sumOut += gradient * Code(u, r);
        }
        return (sumIn * r.Out, sumOut);
    }

    // The number second: then the processor's minimum and maximum pass a NaN on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Code(Vector256<float> u, CodeRange r) =>
        Vector256.Round(Vector256.MinNative(Vector256.Create(r.High), Vector256.MaxNative(Vector256.Create(r.Low), u)));

    private static float Code(float u, CodeRange r) => MathF.Round(u < r.Low ? r.Low : u > r.High ? r.High : u);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Within(Vector256<float> u, Vector256<float> g, CodeRange r) =>
        Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(u, Vector256.Create(r.Low)) & Vector256.LessThanOrEqual(u, Vector256.Create(r.High)), g, Vector256<float>.Zero);
}
