using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>Takes what an operation asks of the board; <c>weight</c> is how often: repeats times the probability of these sizes.</summary>
internal interface IDemand
{
    void Gemm(in GemmShape shape, double weight);

    /// <summary>Elements handled on the ARM cores.</summary>
    void Host(double elements, double weight);
}

/// <summary>
/// Breaks operations into matrix products for the engine and elements for the ARM cores. Extents that vary are comonotone: an input
/// with many tokens at one stage has many at every stage.
/// </summary>
internal static class Lowering
{
    /// <summary>Hands the demands of one operation to <paramref name="sink"/>.</summary>
    /// <param name="level">Null: all sizes with their probabilities; else the sizes at this quantile.</param>
    /// <exception cref="HoneException">The operation is not one that <see cref="Coverages.Refusal"/> lets pass.</exception>
    public static void Visit<T>(Op op, double? level, ref T sink) where T : IDemand, allows ref struct
    {
        switch (op)
        {
            case Op.Gemm gemm:
                Gemm(gemm, gemm.Repeat, level, ref sink);
                break;
            case Op.Attention attention:
                Attention(attention, level, ref sink);
                break;
            case Op.Elementwise { Place: Place.Host } e:
                sink.Host(Size(e.Rows, level) * e.Columns, e.Repeat);
                break;
            case Op.Elementwise: // in the engine's output path
                break;
            case Op.Select select: // the scorer runs as products; the ARM cores rank one score per token
                foreach (Op.Gemm gemm in select.Scorer) Gemm(gemm, (double)gemm.Repeat * select.Repeat, level, ref sink);
                sink.Host(Size(select.From, level), select.Repeat);
                break;
            default:
                throw Refused(op);
        }
    }

    /// <summary>Whether any size of the operation varies.</summary>
    public static bool Varies(Op op) => op switch
    {
        Op.Gemm gemm => !gemm.Columns.IsFixed,
        Op.Attention attention => !attention.Queries.IsFixed || !attention.Keys.IsFixed,
        Op.Elementwise e => !e.Rows.IsFixed,
        Op.Select select => !select.From.IsFixed || select.Scorer.Any(Varies),
        _ => false,
    };

    private static void Gemm<T>(Op.Gemm op, double repeat, double? level, ref T sink) where T : IDemand, allows ref struct
    {
        int rows4 = 0, rows8 = 0, rows16 = 0;
        foreach (RowPart part in op.Weights.Rows)
        {
            switch (GemmShape.WeightWidth(part.Format))
            {
                case 4: rows4 += part.Rows; break;
                case 8: rows8 += part.Rows; break;
                case 16: rows16 += part.Rows; break;
                default: throw Refused(op);
            }
        }
        int bits = GemmShape.InputWidth(op.In), k = op.Weights.K;
        if (bits == 0) throw Refused(op);
        double onHost = 0; // rows whose fused functions the ARM cores compute
        foreach (Function f in op.Fused)
            if (OnHost(f)) onHost += op.Weights.M;
        if (level is null && op.Columns.IsFixed)
        {
            int n = op.Columns.Distribution.Span[0].N;
            sink.Gemm(new GemmShape(rows4, rows8, rows16, k, n, 0, bits), repeat);
            if (onHost > 0) sink.Host(onHost * n, repeat);
            return;
        }
        foreach (ExtentPoint point in Points(op.Columns, level))
        {
            sink.Gemm(new GemmShape(rows4, rows8, rows16, k, point.N, 0, bits), repeat * point.P);
            if (onHost > 0) sink.Host(onHost * point.N, repeat * point.P);
        }
    }

    private static void Attention<T>(Op.Attention op, double? level, ref T sink) where T : IDemand, allows ref struct
    {
        if (level is null && op.Queries.IsFixed && op.Keys.IsFixed)
            Products(op.Queries.Distribution.Span[0].N, op.Keys.Distribution.Span[0].N, op.Repeat, ref sink);
        else
            foreach ((int queries, int keys, double p) in Extents.Together(Points(op.Queries, level), Points(op.Keys, level)))
                Products(queries, keys, op.Repeat * p, ref sink);

        // The K operand and V sit on the weight port: M = keys for Q K^T, M = head width for P V.
        void Products(int queries, int keys, double weight, ref T sink)
        {
            sink.Gemm(Shape(op, keys, op.K, op.Width, queries, op.Q), weight);
            sink.Gemm(Shape(op, op.Width, op.V, keys, queries, op.P), weight);
            if (op.Softmax == Approximation.Exact) sink.Host((double)op.Heads * queries * keys, weight);
        }
    }

    private static GemmShape Shape(Op.Attention op, int rows, NumberFormat weights, int k, int columns, NumberFormat input)
    {
        int width = GemmShape.WeightWidth(weights), bits = GemmShape.InputWidth(input);
        if (width == 0 || bits == 0) throw Refused(op);
        return new GemmShape(width == 4 ? rows : 0, width == 8 ? rows : 0, width == 16 ? rows : 0, k, columns, op.Heads, bits);
    }

    /// <summary>Functions that need more than the output path of the engine.</summary>
    private static bool OnHost(Function f) => f is not (Function.Add or Function.Scale or Function.Relu or Function.Sign);

    private static double Size(Extent extent, double? level) => level is double q ? Extents.Quantile(extent, q) : extent.Mean;

    private static ValueList<ExtentPoint> Points(Extent extent, double? level) =>
        level is double q ? [new ExtentPoint(Extents.Quantile(extent, q), 1)] : extent.Distribution;

    private static HoneException Refused(Op op) => new($"the FPGA model cannot price '{op.Id}': {Coverages.Refusal(op) ?? "unknown operation"}");
}
