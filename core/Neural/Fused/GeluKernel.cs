using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hone.Neural.Quantize;

namespace Hone.Neural.Fused;

/// <summary>
/// GELU x Phi(x) and its gradient over plain numbers, each one loop. Phi is the normal distribution function by Abramowitz and Stegun 7.1.26, within 1e-7; a NaN stays one.
/// </summary>
internal static class GeluKernel
{
    private const int Portion = 256;   // numbers that are float32 at once

    /// <summary>y = x Phi(x).</summary>
    public static void Forward<T, S>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged where S : IStorage<T>
    {
        Span<float> wide = stackalloc float[Portion];
        for (int from = 0; from < x.Length; from += Portion)
        {
            int count = Math.Min(Portion, x.Length - from);
            wide.Clear();
            S.Read(x.Slice(from, count), wide);
            for (int i = 0; i < Portion; i += 8)
            {
                Vector256<float> v = Vector256.Create<float>(wide[i..]);
                (v * Phi(v, out _)).CopyTo(wide[i..]);
            }
            S.Write(wide[..count], y.Slice(from, count));
        }
    }

    /// <summary>dx = g (Phi(x) + x phi(x)), phi the normal density.</summary>
    public static void Backward<T, S>(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> dx) where T : unmanaged where S : IStorage<T>
    {
        Span<float> wide = stackalloc float[Portion], gradient = stackalloc float[Portion];
        for (int from = 0; from < x.Length; from += Portion)
        {
            int count = Math.Min(Portion, x.Length - from);
            wide.Clear();
            S.Read(x.Slice(from, count), wide);
            S.Read(g.Slice(from, count), gradient);
            for (int i = 0; i < Portion; i += 8)
            {
                Vector256<float> v = Vector256.Create<float>(wide[i..]), phi = Phi(v, out Vector256<float> bell);
                (Vector256.Create<float>(gradient[i..]) * Vector256.MultiplyAddEstimate(v, bell * 0.39894228f, phi)).CopyTo(wide[i..]);
            }
            S.Write(wide[..count], dx.Slice(from, count));
        }
    }

    /// <param name="bell">e^(-x^2 / 2).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Phi(Vector256<float> x, out Vector256<float> bell)
    {
        bell = SoftmaxRow.Exp(x * x * -0.5f);
        Vector256<float> t = Vector256<float>.One / Vector256.MultiplyAddEstimate(Vector256.Abs(x), Vector256.Create(0.3275911f * 0.70710678f), Vector256<float>.One);
        Vector256<float> p = Vector256.Create(1.061405429f);
        p = Vector256.MultiplyAddEstimate(p, t, Vector256.Create(-1.453152027f));
        p = Vector256.MultiplyAddEstimate(p, t, Vector256.Create(1.421413741f));
        p = Vector256.MultiplyAddEstimate(p, t, Vector256.Create(-0.284496736f));
        p = Vector256.MultiplyAddEstimate(p, t, Vector256.Create(0.254829592f));
        Vector256<float> tail = p * t * bell * 0.5f;                           // Phi(-|x|)
        return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), tail, Vector256<float>.One - tail);
    }
}
