using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Quantize;

/// <summary>
/// Mixed rows as one function of autograd: row m is its 8-bit view where <c>eight</c> is 1 and its 4-bit view elsewhere, both views of the same latent row
/// in one call: y[m, :] = f[m] s_b[m] round(clamp(w[m, :] / s_b[m], -2^(b-1), 2^(b-1) - 1)), s_b = exp(log_b). Gradients are LSQ's, that of a
/// step times s, for its logarithm.
/// </summary>
internal sealed class RowFunction : autograd.SingleTensorFunction<RowFunction>
{
    public override string Name => nameof(RowFunction);

    /// <param name="w">(M, K) latent rows, float32.</param>
    /// <param name="w4">(M, K) latent rows of the 4-bit views where these are separate, or null: entangled.</param>
    /// <param name="log4">(M) ln of the 4-bit steps.</param>
    /// <param name="log8">(M) ln of the 8-bit steps.</param>
    /// <param name="factor">(M) f, or null for 1.</param>
    /// <param name="eight">(M) 1 for 8 bits, 0 for 4.</param>
    /// <param name="type">Of the answer (M, K): float32 or bfloat16.</param>
    public static Tensor Apply(Tensor w, Tensor? w4, Tensor log4, Tensor log8, Tensor? factor, float[] eight, ScalarType type) =>
        apply(w, w4!, log4, log8, factor!, eight, type);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (w, w4) = (((Tensor)vars[0]).contiguous(), ((Tensor?)vars[1])?.contiguous());
        var (log4, log8, factor, eight, type) = ((Tensor)vars[2], (Tensor)vars[3], (Tensor?)vars[4], (float[])vars[5], (ScalarType)vars[6]);
        ctx.save_data("given", (w4 is not null, factor is not null));
        if (w.device_type != DeviceType.CPU)
        {
            Tensor wide = tensor(eight, device: w.device);
            ctx.save_for_backward([.. new[] { w, log4, log8, wide, w4, factor }.OfType<Tensor>()]);
            return RowOperations.Forward(w, w4, log4, log8, factor, wide, type);
        }
        CodeRange[] rows = Ranges(log4.Numbers(), log8.Numbers(), factor?.Numbers(), eight);
        ctx.save_for_backward(w4 is null ? [w] : [w, w4]);
        ctx.save_data("rows", rows);
        ctx.save_data("eight", eight);
        int k = (int)w.shape[1];
        Tensor y = empty(w.shape, type);                                       // (M, K)
        ReadOnlySpan<float> from8 = Placed.Here<float>(w), from4 = w4 is null ? from8 : Placed.Here<float>(w4);
        for (int m = 0; m < rows.Length; m++)
        {
            ReadOnlySpan<float> row = (eight[m] == 1 ? from8 : from4).Slice(m * k, k);
            if (type == ScalarType.BFloat16) CodeKernel.Forward<float, Singles, ushort, Brains>(row, Placed.Here<ushort>(y).Slice(m * k, k), rows[m]);
            else CodeKernel.Forward<float, Singles, float, Singles>(row, Placed.Here<float>(y).Slice(m * k, k), rows[m]);
        }
        return y;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad)
    {
        using var scope = NewDisposeScope();
        List<Tensor> saved = ctx.get_saved_variables();
        var (separate, factored) = ((bool, bool))ctx.get_data("given");
        Tensor g = grad.contiguous();
        var (dw, dw4, dLog4, dLog8, dFactor) = g.device_type == DeviceType.CPU
            ? Here(saved[0], separate ? saved[1] : null, g, (CodeRange[])ctx.get_data("rows"), (float[])ctx.get_data("eight"))
            : RowOperations.Backward(saved[0], separate ? saved[4] : null, saved[1], saved[2], factored ? saved[^1] : null, saved[3], g);
        Tensor?[] answer = [dw, dw4, dLog4, dLog8, factored ? dFactor : null, null, null];
        foreach (Tensor? t in answer) t?.MoveToOuterDisposeScope();
        grad.Dispose();
        return [.. answer.Select(t => t!)];
    }

    /// <summary>The gradients on the processor; g (M, K).</summary>
    private static (Tensor W, Tensor? W4, Tensor Log4, Tensor Log8, Tensor Factor) Here(Tensor w, Tensor? w4, Tensor g, CodeRange[] rows, float[] eight)
    {
        Tensor dw = zeros_like(w);                                             // (M, K)
        Tensor? dw4 = w4 is null ? null : zeros_like(w);
        int k = (int)w.shape[1];
        float[] dLog4 = new float[rows.Length], dLog8 = new float[rows.Length], dFactor = new float[rows.Length]; // (M)
        for (int m = 0; m < rows.Length; m++)
        {
            bool wide = eight[m] == 1 || w4 is null;
            ReadOnlySpan<float> x = Placed.Here<float>(wide ? w : w4!).Slice(m * k, k);
            Span<float> dx = Placed.Here<float>(wide ? dw : dw4!).Slice(m * k, k);
            var (dIn, dOut) = g.dtype == ScalarType.BFloat16 ? CodeKernel.Backward<float, Singles, ushort, Brains>(x, Placed.Here<ushort>(g).Slice(m * k, k), dx, rows[m])
                : CodeKernel.Backward<float, Singles, float, Singles>(x, Placed.Here<float>(g).Slice(m * k, k), dx, rows[m]);
            // In = 1 / s and Out = f s: dL/d(ln s) = -In dL/dIn + Out dL/dOut, dL/df = s dL/dOut.
            (eight[m] == 1 ? dLog8 : dLog4)[m] = (float)((rows[m].Out * dOut) - (rows[m].In * dIn));
            dFactor[m] = (float)(dOut / rows[m].In);
        }
        return (dw, dw4, tensor(dLog4), tensor(dLog8), tensor(dFactor));
    }

    private static CodeRange[] Ranges(float[] log4, float[] log8, float[]? factor, float[] eight)
    {
        var rows = new CodeRange[eight.Length];
        for (int m = 0; m < rows.Length; m++)
        {
            float step = MathF.Exp(eight[m] == 1 ? log8[m] : log4[m]), high = eight[m] == 1 ? 127 : 7;
            rows[m] = new CodeRange(1 / step, -high - 1, high, (factor?[m] ?? 1) * step);
        }
        return rows;
    }
}
