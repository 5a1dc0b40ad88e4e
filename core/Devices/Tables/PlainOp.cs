using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>Operations without what does not decide their cost.</summary>
internal static class PlainOp
{
    private const string Id = "op";

    /// <summary>A size as keys and measurements have it: its mean, rounded, at least 1.</summary>
    public static int Size(Extent extent) => Math.Max(1, (int)Math.Round(extent.Mean, MidpointRounding.AwayFromZero));

    /// <summary>Parts without empty ones; neighbours of one format joined, since nothing of the kernel's work tells them apart.</summary>
    public static ValueList<RowPart> Parts(ValueList<RowPart> rows)
    {
        if (IsPlain(rows)) return rows;
        List<RowPart> parts = [];
        foreach (RowPart part in rows)
        {
            NumberFormat format = FormatText.Plain(part.Format);
            if (part.Rows == 0) continue;
            if (parts.Count > 0 && parts[^1].Format == format) parts[^1] = new RowPart(format, parts[^1].Rows + part.Rows);
            else parts.Add(new RowPart(format, part.Rows));
        }
        return parts.ToValueList();
    }

    /// <summary>The operation that stands for all of its key.</summary>
    public static Op Of(Op op) => op switch
    {
        Op.Gemm gemm => Of(gemm),
        Op.Attention a => a with
        {
            Id = Id, Block = "", Repeat = 1, Queries = Fixed(a.Queries), Keys = Fixed(a.Keys),
            Q = Plain(a.Q), K = Plain(a.K), V = Plain(a.V), P = Plain(a.P), Out = Plain(a.Out),
        },
        Op.Conv c => c with { Id = Id, Block = "", Repeat = 1, Weights = Of(c.Weights, "w"), In = Plain(c.In), Out = Plain(c.Out) },
        Op.Recurrent r => r with
        {
            Id = Id, Block = "", Repeat = 1, Wx = Of(r.Wx, "wx"), Wh = Of(r.Wh, "wh"), Steps = Fixed(r.Steps), In = Plain(r.In), State = Plain(r.State),
        },
        Op.Elementwise e => e with { Id = Id, Block = "", Repeat = 1, Rows = Fixed(e.Rows), In = Plain(e.In), Out = Plain(e.Out) },
        Op.Select s => s with
        {
            Id = Id, Block = "", Repeat = 1, From = Fixed(s.From), To = Fixed(s.To),
            Scorer = s.Scorer.Select((g, i) => Of(g) with { Id = $"{Id}.{i}", Repeat = g.Repeat, Weights = Of(g.Weights, $"w{i}") }).ToValueList(),
        },
        _ => op with { Id = Id, Block = "", Repeat = 1 },
    };

    private static Op.Gemm Of(Op.Gemm gemm) => gemm with
    {
        Id = Id, Block = "", Repeat = 1, Weights = Of(gemm.Weights, "w"), Columns = Fixed(gemm.Columns), In = Plain(gemm.In), Out = Plain(gemm.Out),
    };

    private static Weights Of(Weights weights, string id) => weights with { Id = id, Rows = Parts(weights.Rows) };

    private static Extent Fixed(Extent extent) => Extent.Fixed("n", Size(extent));

    private static NumberFormat Plain(NumberFormat format) => FormatText.Plain(format);

    private static bool IsPlain(ValueList<RowPart> rows)
    {
        for (int i = 0; i < rows.Count; i++)
            if (rows[i].Rows == 0 || !ReferenceEquals(FormatText.Plain(rows[i].Format), rows[i].Format) || (i > 0 && rows[i].Format == rows[i - 1].Format)) return false;
        return true;
    }
}
