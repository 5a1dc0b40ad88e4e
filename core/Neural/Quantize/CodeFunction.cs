using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Quantize;

/// <summary>
/// One quantiser as one function of autograd: y = out * round(clamp(in * x, low, high)). It keeps its input alone for the way back. Gradients are LSQ's
/// (arXiv 1902.08153): straight through inside the clamp, 0 outside, and those of the two scales.
/// </summary>
/// <remarks>
/// A step s is in = 1 / s on the way in and a factor s of what follows, so dL/ds comes out as g (round(u) - u) inside and g round(u) at the ends. On
/// the processor both passes are one loop each (<see cref="CodeKernel"/>); elsewhere they are torch's own operations.
/// </remarks>
internal sealed class CodeFunction : autograd.SingleTensorFunction<CodeFunction>
{
    public override string Name => nameof(CodeFunction);

    /// <param name="x">Any shape, float32 or bfloat16.</param>
    /// <param name="inScale">A number as tensor, or null for 1.</param>
    /// <param name="outScale">A number as tensor, or null for 1.</param>
    /// <param name="type">Of the answer: float32 or bfloat16.</param>
    public static Tensor Apply(Tensor x, Tensor? inScale, int low, int high, Tensor? outScale, ScalarType type) => apply(x, inScale!, outScale!, low, high, type);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor x = ((Tensor)vars[0]).contiguous();
        var (inScale, outScale) = ((Tensor?)vars[1], (Tensor?)vars[2]);
        var range = new CodeRange(Number(inScale), (int)vars[3], (int)vars[4], Number(outScale));
        ctx.save_for_backward([x]);
        ctx.save_data("range", range);
        ctx.save_data("scales", (inScale is not null, outScale is not null));
        if (x.device_type != DeviceType.CPU) return x.to_type(ScalarType.Float32).Times(range.In).ClampInPlace(range.Low, range.High).round_().TimesInPlace(range.Out).to_type((ScalarType)vars[5]);
        Tensor y = empty(x.shape, (ScalarType)vars[5]);
        switch (x.dtype, y.dtype)
        {
            case (ScalarType.BFloat16, ScalarType.BFloat16): CodeKernel.Forward<ushort, Brains, ushort, Brains>(Placed.Here<ushort>(x), Placed.Here<ushort>(y), range); break;
            case (ScalarType.Float32, ScalarType.BFloat16): CodeKernel.Forward<float, Singles, ushort, Brains>(Placed.Here<float>(x), Placed.Here<ushort>(y), range); break;
            case (ScalarType.Float32, ScalarType.Float32): CodeKernel.Forward<float, Singles, float, Singles>(Placed.Here<float>(x), Placed.Here<float>(y), range); break;
            default: throw new NotSupportedException($"a quantiser takes float32 or bfloat16 and gives no wider type, got {x.dtype} to {y.dtype}");
        }
        return y;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad)
    {
        using var scope = NewDisposeScope();
        Tensor x = ctx.get_saved_variables()[0], g = grad.contiguous();
        var range = (CodeRange)ctx.get_data("range");
        var (hasIn, hasOut) = ((bool, bool))ctx.get_data("scales");
        Tensor dx;
        double sumIn, sumOut;
        if (x.device_type != DeviceType.CPU)
        {
            Tensor wide = x.to_type(ScalarType.Float32), u = wide.Times(range.In), bound = u.clone().ClampInPlace(range.Low, range.High); // float32, as the kernel computes
            Tensor gradient = g.to_type(ScalarType.Float32), kept = gradient * bound.eq(u);
            dx = kept.Times(range.In * range.Out).to_type(x.dtype);
            (sumIn, sumOut) = (range.Out * (kept * wide).sum().item<float>(), (gradient * bound.round_()).sum().item<float>());
        }
        else
        {
            dx = empty(x.shape, x.dtype);
            (sumIn, sumOut) = (x.dtype, g.dtype) switch
            {
                (ScalarType.BFloat16, ScalarType.BFloat16) => CodeKernel.Backward<ushort, Brains, ushort, Brains>(Placed.Here<ushort>(x), Placed.Here<ushort>(g), Placed.Here<ushort>(dx), range),
                (ScalarType.Float32, ScalarType.BFloat16) => CodeKernel.Backward<float, Singles, ushort, Brains>(Placed.Here<float>(x), Placed.Here<ushort>(g), Placed.Here<float>(dx), range),
                _ => CodeKernel.Backward<float, Singles, float, Singles>(Placed.Here<float>(x), Placed.Here<float>(g), Placed.Here<float>(dx), range),
            };
        }
        Tensor? dIn = hasIn ? tensor((float)sumIn, device: x.device) : null, dOut = hasOut ? tensor((float)sumOut, device: x.device) : null;
        foreach (Tensor? t in (Tensor?[])[dx, dIn, dOut]) t?.MoveToOuterDisposeScope();
        grad.Dispose();
        return [dx, dIn!, dOut!, null!, null!, null!];
    }

    private static float Number(Tensor? scale) => scale is null ? 1 : scale.item<float>();
}
