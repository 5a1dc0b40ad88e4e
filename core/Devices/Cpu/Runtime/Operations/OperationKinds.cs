using Hone.Devices.Cpu.Runtime.Convolution;
using Hone.Devices.Cpu.Runtime.Heads;
using Hone.Devices.Cpu.Runtime.Matrices;
using Hone.Devices.Cpu.Runtime.Recurrence;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Operations;

/// <summary>Which operation runs which kind of the workload's, and why some are refused.</summary>
internal static class OperationKinds
{
    private const long MostFloats = (1 << 29) - (1 << 16);   // a buffer has at most 2^31 bytes

    /// <exception cref="HoneException">No kernel.</exception>
    public static Operation Build(Op op, Surroundings around) => op switch
    {
        Op.Gemm gemm => GemmOperation.Build(gemm, around),
        Op.Attention attention => AttentionOperation.Build(attention, around),
        Op.Conv conv => ConvOperation.Build(conv, around),
        Op.Recurrent recurrent => RecurrentOperation.Build(recurrent, around),
        Op.Elementwise elementwise => ElementwiseOperation.Build(elementwise, around),
        Op.Select select => SelectOperation.Build(select, around),
        _ => throw new HoneException($"the processor cannot run '{op.Id}': {Refusal(op, around.Batch, around.CacheLength)}"),
    };

    /// <summary>Why the operation cannot be run; null when it can.</summary>
    public static string? Refusal(Op op, int batch, int cacheLength) => op.Repeat < 0 ? $"repeats must not be negative, got {op.Repeat}" : op switch
    {
        Op.Gemm gemm => OfGemm(gemm, batch),
        Op.Attention attention => OfAttention(attention, batch, cacheLength),
        Op.Conv conv => OfConv(conv, batch),
        Op.Recurrent recurrent => OfRecurrent(recurrent, batch),
        Op.Elementwise e => OfExtent(e.Rows) ?? Least(e.Columns, "columns") ?? OfSize(batch, Surroundings.Size(e.Rows), e.Columns),
        Op.Select select => OfSelect(select, batch),
        Op.Crossbar => "superconducting crossbar: a simulated device runs it",
        Op.Circuit => "quantum circuit: a simulated device runs it",
        _ => $"unknown operation '{op.GetType().Name}'",
    };

    private static string? OfGemm(Op.Gemm op, int batch) => OfExtent(op.Columns) ?? MatrixKinds.Refusal(op.Weights, op.In)
        ?? OfSize(batch, Surroundings.Size(op.Columns), Math.Max(op.Weights.M, op.Weights.K));

    private static string? OfAttention(Op.Attention op, int batch, int cacheLength)
    {
        if ((OfExtent(op.Queries) ?? OfExtent(op.Keys) ?? Least(op.KvHeads, "key heads") ?? Least(op.Heads, "heads") ?? Least(op.Width, "head width")) is string reason) return reason;
        if (op.Heads % op.KvHeads != 0) return $"heads must be a multiple of key heads, got {op.Heads} and {op.KvHeads}";
        if (cacheLength < 0) return $"the cache must not have a negative length, got {cacheLength}";
        AttentionShape shape = AttentionOperation.Shape(op, batch, cacheLength);
        if (shape.Window < 0) return $"the window must not be negative, got {shape.Window}";
        if ((shape.Causal || shape.Cache) && shape.Keys < shape.Queries) return $"{shape.Queries} queries expected as many keys at least, got {shape.Keys}";
        return OfSize(batch, Math.Max(shape.Queries, shape.KeysPadded), shape.Heads + 2L * shape.KvHeads, shape.WidthPadded);
    }

    private static string? OfConv(Op.Conv op, int batch)
    {
        string? least = Least(op.Height, "height") ?? Least(op.Width, "width") ?? Least(op.KernelHeight, "kernel height") ?? Least(op.KernelWidth, "kernel width");
        if ((least ?? Least(op.Stride, "stride") ?? Least(op.Groups, "groups") ?? MatrixKinds.Refusal(op.Weights, op.In)) is string reason) return reason;
        if (op.Padding < 0) return $"the padding must not be negative, got {op.Padding}";
        if (op.Weights.K % (op.KernelHeight * op.KernelWidth) != 0) return $"K must be a multiple of the kernel's {op.KernelHeight} x {op.KernelWidth}, got {op.Weights.K}";
        if (op.Weights.M % op.Groups != 0) return $"outputs must be a multiple of the groups, got {op.Weights.M} and {op.Groups}";
        if (op.Height + 2 * op.Padding < op.KernelHeight || op.Width + 2 * op.Padding < op.KernelWidth) return $"the kernel of {op.KernelHeight} x {op.KernelWidth} is larger than the padded image";
        long channels = (long)op.Weights.K / (op.KernelHeight * op.KernelWidth) * op.Groups;
        return OfSize(batch, op.Height + 2 * op.Padding, op.Width + 2 * op.Padding, Math.Max(channels, op.Weights.M));
    }

    private static string? OfRecurrent(Op.Recurrent op, int batch)
    {
        if ((OfExtent(op.Steps) ?? MatrixKinds.Refusal(op.Wx, op.In) ?? MatrixKinds.Refusal(op.Wh, op.State)) is string reason) return reason;
        int rows = Gates.Count(op.Cell) * op.Wh.K;
        if (op.Wx.M != rows || op.Wh.M != rows) return $"the weights of a {op.Cell} with a state of {op.Wh.K} must have {rows} rows, got {op.Wx.M} and {op.Wh.M}";
        return OfSize(batch, Surroundings.Size(op.Steps), Math.Max(rows, op.Wx.K));
    }

    private static string? OfSelect(Op.Select op, int batch)
    {
        if ((OfExtent(op.From) ?? OfExtent(op.To)) is string reason) return reason;
        if (op.Scorer.Count == 0) return "a selection needs a scorer, whose products tell the width of tokens";
        (int from, int to) = (Surroundings.Size(op.From), Surroundings.Size(op.To));
        if (to > from) return $"expected at most {from} tokens to be kept, got {to}";
        if (op.Packages < 0) return $"package tokens must not be negative, got {op.Packages}";
        foreach (Op.Gemm gemm in op.Scorer)
            if ((gemm.Repeat < 1 ? $"product '{gemm.Id}' of the scorer must run at least once" : OfGemm(gemm, batch)) is string refusal) return refusal;
        int width = SelectOperation.Width(op, from);
        if (width == 0) return $"the scorer's first product does not read whole tokens: {op.Scorer[0].Weights.K} x {Surroundings.Size(op.Scorer[0].Columns)} elements of {from} tokens";
        Op.Gemm last = op.Scorer[^1];
        if ((long)last.Weights.M * Surroundings.Size(last.Columns) < from) return "the scorer's last product gives less than one score for a token";
        foreach (Op.Gemm gemm in op.Scorer)
            if ((long)gemm.Weights.K * Surroundings.Size(gemm.Columns) > (long)from * width) return $"product '{gemm.Id}' of the scorer reads more than there is";
        return OfSize(batch, from + op.Packages, width);
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

    private static string? Least(int value, string what) => value >= 1 ? null : $"{what} must be at least 1, got {value}";

    private static string? OfSize(params ReadOnlySpan<long> factors)
    {
        double size = 1;
        foreach (long factor in factors) size *= factor;
        return size <= MostFloats ? null : $"{size:0} elements do not fit one buffer of {MostFloats}";
    }
}
