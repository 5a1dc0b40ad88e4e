using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>The sizes of an operation that a grid varies, and the operation with other sizes and all else as it was.</summary>
internal static class OpShape
{
    /// <summary>The sizes, in the order that <see cref="With(Op, double[])"/> takes them; empty for kinds whose sizes hang together.</summary>
    public static double[] Sizes(Op op) => op switch
    {
        Op.Gemm g => [g.Weights.M, g.Weights.K, PlainOp.Size(g.Columns), FirstShare(g.Weights)],
        Op.Attention a => [a.Heads, a.Width, PlainOp.Size(a.Queries), PlainOp.Size(a.Keys)],
        Op.Conv c => [c.Weights.M, Channels(c), c.Height, c.Width],
        Op.Recurrent r => [r.Wh.K, r.Wx.K, PlainOp.Size(r.Steps)],
        Op.Elementwise e => [PlainOp.Size(e.Rows), e.Columns],
        _ => [],
    };

    /// <summary>
    /// The operation with these sizes. What was equal in it stays equal: queries and keys of self-attention, height and width, groups and outputs of a
    /// depthwise convolution.
    /// </summary>
    public static Op With(Op op, double[] sizes) => op switch
    {
        Op.Gemm g => g with { Weights = Resized(g.Weights, (int)sizes[0], (int)sizes[1], sizes[3]), Columns = Extent.Fixed("n", (int)sizes[2]) },
        Op.Attention a => With(a, (int)sizes[0], (int)sizes[1], (int)sizes[2], (int)sizes[3]),
        Op.Conv c => With(c, (int)sizes[0], (int)sizes[1], (int)sizes[2], (int)sizes[3]),
        Op.Recurrent r => r with
        {
            Wx = Resized(r.Wx, Gates(r) * (int)sizes[0], (int)sizes[1], FirstShare(r.Wx)),
            Wh = Resized(r.Wh, Gates(r) * (int)sizes[0], (int)sizes[0], FirstShare(r.Wh)),
            Steps = Extent.Fixed("n", (int)sizes[2]),
        },
        Op.Elementwise e => e with { Rows = Extent.Fixed("n", (int)sizes[0]), Columns = (int)sizes[1] },
        _ => op,
    };

    private static Op.Attention With(Op.Attention a, int heads, int width, int queries, int keys)
    {
        int share = Math.Max(1, a.KvHeads > 0 ? a.Heads / a.KvHeads : 1), kv = Math.Max(1, heads / share);
        return a with
        {
            Heads = kv * share, KvHeads = kv, Width = width, Queries = Extent.Fixed("n", queries),
            Keys = Extent.Fixed("n", PlainOp.Size(a.Queries) == PlainOp.Size(a.Keys) ? queries : keys),
        };
    }

    private static Op.Conv With(Op.Conv c, int outputs, int channels, int height, int width)
    {
        bool depthwise = c.Groups == c.Weights.M;
        int groups = depthwise ? outputs : c.Groups, m = Math.Max(1, outputs / Math.Max(1, groups)) * groups;
        return c with
        {
            Groups = groups, Weights = Resized(c.Weights, m, channels * c.KernelHeight * c.KernelWidth, FirstShare(c.Weights)),
            Height = Math.Max(height, c.KernelHeight - 2 * c.Padding),
            Width = Math.Max(c.Height == c.Width ? height : width, c.KernelWidth - 2 * c.Padding),
        };
    }

    /// <summary>Channels of one group.</summary>
    private static int Channels(Op.Conv c) => Math.Max(1, c.Weights.K / Math.Max(1, c.KernelHeight * c.KernelWidth));

    private static int Gates(Op.Recurrent r) => Math.Max(1, r.Wh.M / Math.Max(1, r.Wh.K));

    private static double FirstShare(Weights w) => w.Rows.Count < 2 || w.M < 1 ? 1 : (double)w.Rows[0].Rows / w.M;

    /// <summary>
    /// The first part takes its share of the rows and the last part the rest; of more parts, those between keep theirs. A mask does not fit other sizes and is left out.
    /// </summary>
    private static Weights Resized(Weights w, int m, int k, double share)
    {
        if (w.Rows.Count < 2) return w with { M = m, K = k, Rows = w.Rows.Select(p => p with { Rows = m }).ToValueList(), Pattern = null };
        int[] rows = [.. w.Rows.Select(p => (int)Math.Round((double)p.Rows / w.M * m))];
        rows[0] = Math.Clamp((int)Math.Round(share * m), Math.Min(1, m), Math.Max(1, m - 1));
        for (int left = m - rows[0], i = 1; i < rows.Length; i++)
        {
            rows[i] = i == rows.Length - 1 ? left : Math.Min(rows[i], left);
            left -= rows[i];
        }
        return w with { M = m, K = k, Rows = w.Rows.Select((p, i) => p with { Rows = rows[i] }).ToValueList(), Pattern = null };
    }
}
