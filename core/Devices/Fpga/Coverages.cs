using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>What the analytic model takes, and the reason for everything it turns down.</summary>
internal static class Coverages
{
    public static Coverage Of(Workload workload)
    {
        if (workload.Mode == Mode.Train) return new Coverage(false, workload.Key, "the engines only run inference");
        if (workload.Batch < 1) return new Coverage(false, workload.Key, $"the batch must be at least 1, got {workload.Batch}");
        if (workload.Ops.Count == 0) return new Coverage(false, workload.Key, "the workload has no operations");
        foreach (Op op in workload.Ops)
            if (Refusal(op) is string reason) return new Coverage(false, op.Id, reason);
        return new Coverage(true);
    }

    /// <summary>Why this operation cannot be priced; null when it can.</summary>
    public static string? Refusal(Op op) => op.Repeat < 0 ? $"repeats must not be negative, got {op.Repeat}" : op switch
    {
        Op.Gemm gemm => OfGemm(gemm),
        Op.Attention attention => OfAttention(attention),
        Op.Elementwise e => OfExtent(e.Rows) ?? Least(e.Columns, "columns"),
        Op.Select select => OfExtent(select.From) ?? OfExtent(select.To) ?? select.Scorer.Span.ToArray().Select(OfGemm).FirstOrDefault(r => r is not null),
        Op.Conv => "convolution: the engine has no im2col path (lower a patch embedding to a GEMM)",
        Op.Recurrent => "recurrent layer: the engine keeps no state between columns",
        Op.Crossbar => "superconducting crossbar: not an FPGA operation",
        Op.Circuit => "quantum circuit: not an FPGA operation",
        _ => $"unknown operation '{op.GetType().Name}'",
    };

    private static string? OfGemm(Op.Gemm op)
    {
        if (op.Place == Place.Host) return "a matrix product placed on the ARM cores is not modelled";
        if (op.Weights.M < 1 || op.Weights.K < 1) return $"weights must have at least one row and column, got {op.Weights.M} x {op.Weights.K}";
        int rows = 0;
        foreach (RowPart part in op.Weights.Rows)
        {
            if (part.Rows < 0) return $"row parts must not be negative, got {part.Rows}";
            if (GemmShape.WeightWidth(part.Format) == 0) return $"weights must be integers of 1 to 16 bits or binary, got {Text(part.Format)}";
            rows += part.Rows;
        }
        if (rows != op.Weights.M) return $"row parts must sum to M = {op.Weights.M}, got {rows}";
        return Input(op.In, "activations") ?? OfExtent(op.Columns);
    }

    private static string? OfAttention(Op.Attention op)
    {
        if (op.Place == Place.Host) return "attention placed on the ARM cores is not modelled";
        if (GemmShape.WeightWidth(op.K) == 0) return $"K must be an integer of 1 to 16 bits, got {Text(op.K)}";
        if (GemmShape.WeightWidth(op.V) == 0) return $"V must be an integer of 1 to 16 bits, got {Text(op.V)}";
        return Least(op.Heads, "heads") ?? Least(op.Width, "head width") ?? Input(op.Q, "Q") ?? Input(op.P, "P") ?? OfExtent(op.Queries) ?? OfExtent(op.Keys);
    }

    private static string? OfExtent(Extent extent)
    {
        double sum = 0;
        foreach (ExtentPoint point in extent.Distribution)
        {
            if (point.N < 1 || !(point.P >= 0)) return $"sizes of '{extent.Name}' must be at least 1 with probabilities from 0, got {point.N} at {point.P}";
            sum += point.P;
        }
        return Math.Abs(sum - 1) < 1e-6 ? null : $"probabilities of '{extent.Name}' must sum to 1, got {sum}";
    }

    private static string? Input(NumberFormat format, string what) =>
        GemmShape.InputWidth(format) > 0 ? null : $"{what} must be integers of 1 to 16 bits or binary, got {Text(format)}";

    private static string? Least(int value, string what) => value >= 1 ? null : $"{what} must be at least 1, got {value}";

    private static string Text(NumberFormat format) => $"{format.Kind} of {format.Bits} bits";
}
