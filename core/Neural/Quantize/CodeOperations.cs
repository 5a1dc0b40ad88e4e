using Hone.Neural.Elastic;
using static TorchSharp.torch;

namespace Hone.Neural.Quantize;

/// <summary>
/// What <see cref="CodeKernel"/> computes as torch's own operations, for tensors on a GPU; no number of theirs is waited for. Scales and bounds are tensors that
/// broadcast against x: of shape () for one quantiser, (M, 1) for one a row. All arithmetic is float32.
/// </summary>
internal static class CodeOperations
{
    /// <summary>out * round(clamp(in * x, low, high)), the shape of x, in the given type.</summary>
    public static Tensor Forward(Tensor x, Tensor? inScale, Tensor low, Tensor high, Tensor? outScale, ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor codes = Scaled(x, inScale).clamp(low, high).round_();
        return (outScale is null ? codes : codes.mul_(outScale)).to_type(type).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// From g = dL/dy: dL/dx in the type of x, 0 where in * x is clamped, and dL/d(in) and dL/d(out) where these are given, summed over all of x or over each row of a matrix (M).
    /// </summary>
    /// <param name="rows">Whether x (M, K) has scales of its own per row.</param>
    public static (Tensor X, Tensor? In, Tensor? Out) Backward(Tensor x, Tensor g, Tensor? inScale, Tensor low, Tensor high, Tensor? outScale, bool rows)
    {
        using var scope = NewDisposeScope();
        Tensor u = Scaled(x, inScale), codes = u.clamp(low, high), gradient = g.to_type(ScalarType.Float32);
        Tensor within = gradient * codes.eq(u);                                // the shape of x
        Tensor? dOut = outScale is null ? null : Summed(gradient * codes.round_()), dIn = null;
        if (outScale is not null) within.mul_(outScale);
        if (inScale is not null)
        {
            dIn = Summed(within * x);
            within.mul_(inScale);
        }
        return (within.to_type(x.dtype).MoveToOuterDisposeScope(), dIn?.MoveToOuterDisposeScope(), dOut?.MoveToOuterDisposeScope());

        Tensor Summed(Tensor t) => rows ? t.sum(1) : t.sum();
    }

    private static Tensor Scaled(Tensor x, Tensor? scale)
    {
        Tensor wide = x.to_type(ScalarType.Float32);
        return scale is null ? wide : wide * scale;
    }
}
