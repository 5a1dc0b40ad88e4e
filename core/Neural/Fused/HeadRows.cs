using Hone.Neural.Quantize;

namespace Hone.Neural.Fused;

/// <summary>One head's rows of d numbers, out of the wider rows of all heads and back.</summary>
internal static class HeadRows
{
    /// <summary>One head's rows out of wider ones.</summary>
    public static void Take<T, S>(ReadOnlySpan<T> from, int stride, Span<float> to, int rows, int d) where T : unmanaged where S : IStorage<T>
    {
        for (int i = 0; i < rows; i++) S.Read(from.Slice(i * stride, d), to.Slice(i * d, d));
    }

    /// <summary>One head's rows as columns, (d, row); 0 behind the last.</summary>
    public static void Turn<T, S>(ReadOnlySpan<T> from, int stride, Span<float> to, int row, int rows, int d) where T : unmanaged where S : IStorage<T>
    {
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<T> one = from.Slice(i * stride, d);
            for (int c = 0, at = i; c < one.Length; c++, at += row) to[at] = S.Read(one[c]);
        }
        for (int c = 0; c < d; c++) to.Slice((c * row) + rows, row - rows).Clear();
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
}
