using System.Runtime.Intrinsics;
using Hone.Neural.Quantize;

namespace Hone.Neural.Fused;

/// <summary>
/// Attention among tokens some of which are dropped, one image and head at a time as <see cref="AttentionKernel"/> goes. A row stays unnormalised: o = (E + share) v / (sum E +
/// epsilon), and its factor meets the d numbers of o, not the n of P.
/// </summary>
internal static class MaskedAttentionKernel
{
    /// <summary>o = P v.</summary>
    /// <param name="mask">m, (B, n); empty: all 1.</param>
    /// <param name="links">G, (B, n, n); empty: all 1.</param>
    /// <param name="kept">Gets u with 0 on its diagonal, (B, h, n, Row), for the way back; empty: it is not kept.</param>
    /// <param name="owns">Gets the diagonal of u, (B, h, n).</param>
    /// <param name="parts">Gets 1 / (sum E + epsilon), (B, h, n).</param>
    /// <param name="mean">Gets the mean over heads of the first rows of P, (B, r, n); empty: it is not wanted.</param>
    public static void Forward<T, S>(ReadOnlySpan<T> q, ReadOnlySpan<T> kv, ReadOnlySpan<float> mask, ReadOnlySpan<float> links, Span<T> o, Span<float> kept, Span<float> owns,
        Span<float> parts, Span<float> mean, AttentionShape shape, float epsilon) where T : unmanaged where S : IStorage<T>
    {
        var (n, d, a, row) = (shape.Keys, shape.Width, shape.Inner, shape.Row);
        float share = epsilon / n;
        int firsts = mean.Length / Math.Max(1, shape.Images * n);
        var buffers = new AttentionBuffers(shape);
        var (queries, keys, values, scores, answers) = (buffers.Queries, buffers.Keys, buffers.Values, buffers.Scores, buffers.Answers);
        float[] once = kept.IsEmpty ? new float[n * row] : [], tokens = new float[row], pairs = new float[links.IsEmpty ? row : n * row];
        Array.Fill(pairs, 1);
        mean.Clear();
        for (int b = 0; b < shape.Images; b++)
        {
            Mask(mask, tokens, b, n);
            Links(links, pairs, b, n, row);
            for (int head = 0; head < shape.Heads; head++)
            {
                int queryAt = (b * n * a) + (head * d), keyAt = (b * n * 2 * a) + (head * d), rowAt = ((b * shape.Heads) + head) * n;
                HeadRows.Take<T, S>(q[queryAt..], a, queries, n, d);
                HeadRows.Turn<T, S>(kv[keyAt..], 2 * a, keys, row, n, d);
                HeadRows.Take<T, S>(kv[(keyAt + a)..], 2 * a, values, n, d);
                SmallProduct.Multiply(queries, d, 1, keys, row, scores, row, shape.QueryRows, d, row);
                Span<float> part = parts.Slice(rowAt, n);
                MaskedRow.Apply(scores.AsSpan(0, n * row), kept.IsEmpty ? once : kept.Slice(rowAt * row, n * row), owns.Slice(rowAt, n), part, tokens, pairs, shape.Scale, share);
                foreach (ref float sum in part) sum = 1 / (sum + epsilon);
                for (int i = 0; i < firsts; i++) HeadRows.Add(scores.AsSpan(i * row, n), part[i] / shape.Heads, mean.Slice(((b * firsts) + i) * n, n));
                SmallProduct.Multiply(scores, row, 1, values, d, answers, d, shape.QueryRows, n, d);
                Times(answers, part, d);
                HeadRows.Give<T, S>(answers, o[queryAt..], a, n, d);
            }
        }
    }

    /// <summary>Gradients of q, kv and the mask from that of o.</summary>
    /// <param name="dmask">(B, n); empty: it is not wanted.</param>
    public static void Backward<T, S>(ReadOnlySpan<T> q, ReadOnlySpan<T> kv, ReadOnlySpan<float> mask, ReadOnlySpan<float> kept, ReadOnlySpan<float> owns,
        ReadOnlySpan<float> parts, ReadOnlySpan<T> grad, Span<T> dq, Span<T> dkv, Span<float> dmask, AttentionShape shape, float epsilon) where T : unmanaged where S : IStorage<T>
    {
        var (n, d, a, row) = (shape.Keys, shape.Width, shape.Inner, shape.Row);
        float share = epsilon / n;
        float[] queries = new float[shape.QueryRows * d], rows = new float[shape.KeyRows * d], turned = new float[d * row], scores = new float[shape.QueryRows * row];
        float[] tokens = new float[row], masked = new float[row];
        for (int b = 0; b < shape.Images; b++)
        {
            Mask(mask, tokens, b, n);
            masked.AsSpan().Clear();
            for (int head = 0; head < shape.Heads; head++)
            {
                int queryAt = (b * n * a) + (head * d), keyAt = (b * n * 2 * a) + (head * d), rowAt = ((b * shape.Heads) + head) * n;
                ReadOnlySpan<float> u = kept.Slice(rowAt * row, n * row), own = owns.Slice(rowAt, n), part = parts.Slice(rowAt, n);
                HeadRows.Take<T, S>(grad[queryAt..], a, queries, n, d);
                Times(queries, part, d);                                                                // do / (sum E + epsilon)
                SmallProduct.Multiply(u, 1, row, queries, d, rows, d, shape.KeyRows, n, d);
                Weigh(rows, queries, tokens, own, share, d);                                            // dv = P^T do
                HeadRows.Give<T, S>(rows, dkv[(keyAt + a)..], 2 * a, n, d);
                HeadRows.Turn<T, S>(kv[(keyAt + a)..], 2 * a, turned, row, n, d);
                SmallProduct.Multiply(queries, d, 1, turned, row, scores, row, shape.QueryRows, d, row); // dP / (sum E + epsilon)
                MaskedRow.Backward(scores.AsSpan(0, n * row), u, own, part, tokens, masked, shape.Scale, share); // dS
                HeadRows.Take<T, S>(q[queryAt..], a, queries, n, d);
                SmallProduct.Multiply(scores, 1, row, queries, d, rows, d, shape.KeyRows, n, d);        // dk = dS^T q
                HeadRows.Give<T, S>(rows, dkv[keyAt..], 2 * a, n, d);
                HeadRows.Take<T, S>(kv[keyAt..], 2 * a, rows, n, d);
                SmallProduct.Multiply(scores, row, 1, rows, d, queries, d, shape.QueryRows, n, d);      // dq = dS k
                HeadRows.Give<T, S>(queries, dq[queryAt..], a, n, d);
            }
            if (!dmask.IsEmpty) masked.AsSpan(0, n).CopyTo(dmask[(b * n)..]);
        }
    }

    /// <summary>The mask of image b, (Row); 0 behind the last token.</summary>
    private static void Mask(ReadOnlySpan<float> mask, Span<float> tokens, int b, int n)
    {
        if (mask.IsEmpty) tokens[..n].Fill(1);
        else mask.Slice(b * n, n).CopyTo(tokens);
    }

    /// <summary>The links of image b, (n, row); 1 on the diagonal.</summary>
    private static void Links(ReadOnlySpan<float> links, Span<float> pairs, int b, int n, int row)
    {
        if (links.IsEmpty) return;
        for (int i = 0; i < n; i++)
        {
            links.Slice(((b * n) + i) * n, n).CopyTo(pairs[(i * row)..]);
            pairs[(i * row) + i] = 1;
        }
    }

    /// <summary>Each row of d numbers times its factor.</summary>
    private static void Times(Span<float> rows, ReadOnlySpan<float> factors, int d)
    {
        for (int i = 0; i < factors.Length; i++)
            for (int at = i * d; at < (i + 1) * d; at += SmallProduct.ColumnTile) (Vector256.Create<float>(rows[at..]) * factors[i]).CopyTo(rows[at..]);
    }

    /// <summary>Rows u^T g of d numbers become (E + share)^T g: each times its token's mask, and what the diagonal and the share add.</summary>
    private static void Weigh(Span<float> rows, ReadOnlySpan<float> g, ReadOnlySpan<float> mask, ReadOnlySpan<float> own, float share, int d)
    {
        for (int c = 0; c < d; c += SmallProduct.ColumnTile)
        {
            Vector256<float> sum = default;
            for (int j = 0; j < own.Length; j++) sum += Vector256.Create(g[((j * d) + c)..]);
            sum *= share;
            for (int j = 0, at = c; j < own.Length; j++, at += d)
                Vector256.MultiplyAddEstimate(Vector256.Create<float>(rows[at..]), Vector256.Create(mask[j]), Vector256.MultiplyAddEstimate(Vector256.Create(g[at..]), Vector256.Create(own[j]), sum)).CopyTo(rows[at..]);
        }
    }
}
