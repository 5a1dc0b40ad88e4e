using System.Runtime.Intrinsics;
using Hone.Neural.Quantize;

namespace Hone.Neural.Fused;

/// <summary>
/// Attention of one image and head at a time, float32 whatever the storage: queries and answers lie as (B, m, A), keys and values side by side as (B, n, 2 A), probabilities as
/// (B, h, m, Row). All of a head stays in the first two caches and nothing large is turned round. Sums run in one order, so the same numbers always give the same bits.
/// </summary>
internal static class AttentionKernel
{
    /// <summary>o = P v, P = softmax(scale q k^T) or its codes.</summary>
    /// <param name="kept">Gets the probabilities for the way back; empty: they are not kept.</param>
    public static void Forward<T, S>(ReadOnlySpan<T> q, ReadOnlySpan<T> kv, Span<T> o, Span<float> kept, AttentionShape shape)
        where T : unmanaged where S : IStorage<T>
    {
        var (queries, keys) = (shape.Queries * shape.Inner, shape.Keys * 2 * shape.Inner);
        int probabilities = kept.IsEmpty ? 0 : shape.Heads * shape.Queries * shape.Row;
        var buffers = new AttentionBuffers(shape);
        for (int b = 0; b < shape.Images; b++)
            Image<T, S>(q.Slice(b * queries, queries), kv.Slice(b * keys, keys), o.Slice(b * queries, queries), kept.Slice(b * probabilities, probabilities), [], shape, buffers);
    }

    /// <summary>The same for one image.</summary>
    /// <param name="mean">Gets the mean over heads of the first row of P, (n); empty: it is not wanted.</param>
    /// <param name="buffers">Of this shape or of a larger one.</param>
    public static void Image<T, S>(ReadOnlySpan<T> q, ReadOnlySpan<T> kv, Span<T> o, Span<float> kept, Span<float> mean, AttentionShape shape, AttentionBuffers buffers)
        where T : unmanaged where S : IStorage<T>
    {
        var (m, n, d, a, row) = (shape.Queries, shape.Keys, shape.Width, shape.Inner, shape.Row);
        var (queries, keys, values, scores, answers) = (buffers.Queries, buffers.Keys, buffers.Values, buffers.Scores, buffers.Answers);
        Span<float> p = scores.AsSpan(0, m * row);
        mean.Clear();
        for (int head = 0; head < shape.Heads; head++)
        {
            HeadRows.Take<T, S>(q[(head * d)..], a, queries, m, d);
            HeadRows.Turn<T, S>(kv[(head * d)..], 2 * a, keys, row, n, d);
            HeadRows.Take<T, S>(kv[(a + (head * d))..], 2 * a, values, n, d);
            SmallProduct.Multiply(queries, d, 1, keys, row, scores, row, shape.QueryRows, d, row);
            SoftmaxRow.Apply(p, row, n, shape.Scale);
            if (!kept.IsEmpty) p.CopyTo(kept[(head * p.Length)..]);
            if (!mean.IsEmpty) HeadRows.Add(p[..n], 1f / shape.Heads, mean);
            if (shape.Levels > 0) Code(p, p, shape.Levels);
            SmallProduct.Multiply(scores, row, 1, values, d, answers, d, shape.QueryRows, n, d);
            HeadRows.Give<T, S>(answers, o[(head * d)..], a, m, d);
        }
    }

    /// <summary>Gradients of q and kv from that of o. The rounding of P passes its gradient on (straight through).</summary>
    public static void Backward<T, S>(
        ReadOnlySpan<T> q, ReadOnlySpan<T> kv, ReadOnlySpan<float> kept, ReadOnlySpan<T> grad, Span<T> dq, Span<T> dkv, AttentionShape shape)
        where T : unmanaged where S : IStorage<T>
    {
        var (m, n, d, a, row) = (shape.Queries, shape.Keys, shape.Width, shape.Inner, shape.Row);
        float[] queries = new float[shape.QueryRows * d], rows = new float[shape.KeyRows * d], turned = new float[d * row], scores = new float[shape.QueryRows * row];
        float scale = shape.Scale * Math.Max(1, shape.Levels);
        for (int b = 0; b < shape.Images; b++)
            for (int head = 0; head < shape.Heads; head++)
            {
                int queryAt = (b * m * a) + (head * d), keyAt = (b * n * 2 * a) + (head * d);
                ReadOnlySpan<float> p = kept.Slice(((b * shape.Heads) + head) * m * row, m * row);
                HeadRows.Take<T, S>(grad[queryAt..], a, queries, m, d);
                if (shape.Levels > 0) Code(p, scores, shape.Levels);
                SmallProduct.Multiply(shape.Levels > 0 ? scores : p, 1, row, queries, d, rows, d, shape.KeyRows, m, d); // dv = P^T do
                HeadRows.Give<T, S>(rows, dkv[(keyAt + a)..], 2 * a, n, d);
                HeadRows.Turn<T, S>(kv[(keyAt + a)..], 2 * a, turned, row, n, d);
                SmallProduct.Multiply(queries, d, 1, turned, row, scores, row, shape.QueryRows, d, row); // dP = do v^T
                for (int i = 0; i < m; i++) SoftmaxRow.Backward(scores.AsSpan(i * row, row), p.Slice(i * row, row), scale); // dS
                HeadRows.Take<T, S>(q[queryAt..], a, queries, m, d);
                SmallProduct.Multiply(scores, 1, row, queries, d, rows, d, shape.KeyRows, m, d);        // dk = dS^T q
                HeadRows.Give<T, S>(rows, dkv[keyAt..], 2 * a, n, d);
                HeadRows.Take<T, S>(kv[keyAt..], 2 * a, rows, n, d);
                SmallProduct.Multiply(scores, row, 1, rows, d, queries, d, shape.QueryRows, n, d);      // dq = dS k
                HeadRows.Give<T, S>(queries, dq[queryAt..], a, m, d);
            }
    }

    private static void Code(ReadOnlySpan<float> p, Span<float> codes, int levels)
    {
        for (; p.Length >= SmallProduct.ColumnTile; p = p[SmallProduct.ColumnTile..], codes = codes[SmallProduct.ColumnTile..]) Vector256.Round(Vector256.Create(p) * levels).CopyTo(codes);
    }
}
