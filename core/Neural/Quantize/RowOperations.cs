using Hone.Neural.Elastic;
using static TorchSharp.torch;

namespace Hone.Neural.Quantize;

/// <summary>What <see cref="RowFunction"/> computes as torch's own operations, for weights on a GPU.</summary>
internal static class RowOperations
{
    /// <summary>The mixed rows (M, K) in the given type.</summary>
    /// <param name="w">(M, K) float32, and <paramref name="w4"/> likewise or null.</param>
    /// <param name="log4">(M), and <paramref name="log8"/> and <paramref name="factor"/> (or null: 1) likewise.</param>
    /// <param name="eight">(M) float32: 1 for 8 bits, 0 for 4.</param>
    public static Tensor Forward(Tensor w, Tensor? w4, Tensor log4, Tensor log8, Tensor? factor, Tensor eight, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (step, low, high) = Rows(log4, log8, eight);
        return CodeOperations.Forward(Latent(w, w4, eight), step.reciprocal(), low, high, factor is null ? step : step * factor.unsqueeze(1), type).MoveToOuterDisposeScope();
    }

    /// <summary>From g = dL/dy (M, K): the gradients of w, w4 (null: none given), log4, log8 and the factor.</summary>
    public static (Tensor W, Tensor? W4, Tensor Log4, Tensor Log8, Tensor Factor) Backward(Tensor w, Tensor? w4, Tensor log4, Tensor log8, Tensor? factor, Tensor eight, Tensor g)
    {
        using var scope = NewDisposeScope();
        var (step, low, high) = Rows(log4, log8, eight);
        Tensor scale = step.reciprocal(), outScale = factor is null ? step : step * factor.unsqueeze(1);
        var (dx, dIn, dOut) = CodeOperations.Backward(Latent(w, w4, eight), g, scale, low, high, outScale, rows: true);
        Tensor dLog = (dOut! * outScale.squeeze(1)).Minus(dIn! * scale.squeeze(1)); // in = 1 / s, out = f s
        Tensor dLog8 = dLog * eight, dLog4 = dLog.Minus(dLog8), dFactor = dOut! * step.squeeze(1);
        Tensor dw = w4 is null ? dx : dx * eight.unsqueeze(1);
        Tensor? dw4 = w4 is null ? null : dx.Minus(dw);
        return (Out(dw), dw4 is null ? null : Out(dw4), Out(dLog4), Out(dLog8), Out(dFactor));

        static Tensor Out(Tensor t) => t.MoveToOuterDisposeScope();
    }

    private static (Tensor Step, Tensor Low, Tensor High) Rows(Tensor log4, Tensor log8, Tensor eight) // (M, 1) each
    {
        Tensor step = where(eight.Positive(), log8, log4).exp_().unsqueeze(1), high = eight.unsqueeze(1).Times(120).PlusInPlace(7);
        return (step, high.Times(-1).PlusInPlace(-1), high);
    }

    private static Tensor Latent(Tensor w, Tensor? w4, Tensor eight) => w4 is null ? w : where(eight.unsqueeze(1).Positive(), w, w4);
}
