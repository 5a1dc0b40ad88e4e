using System.Numerics;
using System.Runtime.Intrinsics;
using Hone.Devices.Cpu.Runtime.Functions;

namespace Hone.Devices.Cpu.Vision.Heads;

/// <summary>Attention of one query to keys that are listed, not to all: products of its own with each. Letters: m listed keys, d width.</summary>
internal static unsafe class ListedKeys
{
    private const int Chunk = 8;      // vectors of values that are added up at once: they hide each other's latency
    private const int Together = 4;   // keys that are multiplied at once

    /// <summary>scores[t] = q . keys[list[t]], t below m.</summary>
    /// <param name="q">(d).</param>
    /// <param name="keys">The first key; others <paramref name="stride"/> floats apart.</param>
    /// <param name="scores">Room for m in whole fours.</param>
    public static void Scores(float* q, float* keys, nint stride, int* list, int count, int width, float* scores)
    {
        for (int t = 0; t < count; t += Together)
        {
            // Where fewer are left the last one is multiplied again.
            float* k0 = keys + list[t] * stride, k1 = keys + list[Math.Min(t + 1, count - 1)] * stride, k2 = keys + list[Math.Min(t + 2, count - 1)] * stride, k3 = keys + list[Math.Min(t + 3, count - 1)] * stride;
            Vector<float> a0 = Vector<float>.Zero, a1 = a0, a2 = a0, a3 = a0;
            int c = 0;
            for (; c <= width - Vector<float>.Count; c += Vector<float>.Count)
            {
                Vector<float> x = Vector.Load(q + c);
                a0 = Vector.FusedMultiplyAdd(x, Vector.Load(k0 + c), a0);
                a1 = Vector.FusedMultiplyAdd(x, Vector.Load(k1 + c), a1);
                a2 = Vector.FusedMultiplyAdd(x, Vector.Load(k2 + c), a2);
                a3 = Vector.FusedMultiplyAdd(x, Vector.Load(k3 + c), a3);
            }
            Vector128<float> sums = Totals.Of(a0, a1, a2, a3);
            for (; c < width; c++) sums += q[c] * Vector128.Create(k0[c], k1[c], k2[c], k3[c]);
            sums.Store(scores + t);
        }
    }

    /// <summary>y = factor * sum of weights[t] values[list[t]].</summary>
    /// <param name="values">The first value; others <paramref name="stride"/> floats apart.</param>
    /// <param name="y">(d).</param>
    public static void Sum(float* weights, float* values, nint stride, int* list, int count, int width, float factor, float* y)
    {
        int lanes = Vector<float>.Count, c = 0;
        for (; c <= width - Chunk * lanes; c += Chunk * lanes)
        {
            Vector<float> a0 = Vector<float>.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
            for (int t = 0; t < count; t++)
            {
                float* v = values + list[t] * stride + c;
                var w = new Vector<float>(weights[t]);
                a0 = Vector.FusedMultiplyAdd(w, Vector.Load(v), a0);
                a1 = Vector.FusedMultiplyAdd(w, Vector.Load(v + lanes), a1);
                a2 = Vector.FusedMultiplyAdd(w, Vector.Load(v + 2 * lanes), a2);
                a3 = Vector.FusedMultiplyAdd(w, Vector.Load(v + 3 * lanes), a3);
                a4 = Vector.FusedMultiplyAdd(w, Vector.Load(v + 4 * lanes), a4);
                a5 = Vector.FusedMultiplyAdd(w, Vector.Load(v + 5 * lanes), a5);
                a6 = Vector.FusedMultiplyAdd(w, Vector.Load(v + 6 * lanes), a6);
                a7 = Vector.FusedMultiplyAdd(w, Vector.Load(v + 7 * lanes), a7);
            }
            var all = new Vector<float>(factor);
            Vector.Store(a0 * all, y + c);
            Vector.Store(a1 * all, y + c + lanes);
            Vector.Store(a2 * all, y + c + 2 * lanes);
            Vector.Store(a3 * all, y + c + 3 * lanes);
            Vector.Store(a4 * all, y + c + 4 * lanes);
            Vector.Store(a5 * all, y + c + 5 * lanes);
            Vector.Store(a6 * all, y + c + 6 * lanes);
            Vector.Store(a7 * all, y + c + 7 * lanes);
        }
        for (; c <= width - lanes; c += lanes)
        {
            Vector<float> a = Vector<float>.Zero;
            for (int t = 0; t < count; t++) a = Vector.FusedMultiplyAdd(new Vector<float>(weights[t]), Vector.Load(values + list[t] * stride + c), a);
            Vector.Store(a * new Vector<float>(factor), y + c);
        }
        for (; c < width; c++)
        {
            float a = 0;
            for (int t = 0; t < count; t++) a += weights[t] * values[list[t] * stride + c];
            y[c] = a * factor;
        }
    }
}
