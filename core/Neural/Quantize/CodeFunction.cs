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
/// the processor both passes are one loop each (<see cref="CodeKernel"/>); elsewhere they are torch's own operations (<see cref="CodeOperations"/>).
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
        var (inScale, outScale, low, high, type) = ((Tensor?)vars[1], (Tensor?)vars[2], (int)vars[3], (int)vars[4], (ScalarType)vars[5]);
        ctx.save_data("scales", (inScale is not null, outScale is not null));
        if (x.device_type != DeviceType.CPU)
        {
            Tensor lowest = Placed.On(x.device, low), highest = Placed.On(x.device, high);
            ctx.save_for_backward([.. new[] { x, lowest, highest, inScale, outScale }.OfType<Tensor>()]);
            return CodeOperations.Forward(x, inScale, lowest, highest, outScale, type);
        }
        var range = new CodeRange(Number(inScale), low, high, Number(outScale));
        ctx.save_for_backward([x]);
        ctx.save_data("range", range);
        Tensor y = empty(x.shape, type);
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
        List<Tensor> saved = ctx.get_saved_variables();
        Tensor x = saved[0], g = grad.contiguous();
        var (hasIn, hasOut) = ((bool, bool))ctx.get_data("scales");
        Tensor dx;
        Tensor? dIn, dOut;
        if (x.device_type != DeviceType.CPU)
            (dx, dIn, dOut) = CodeOperations.Backward(x, g, hasIn ? saved[3] : null, saved[1], saved[2], hasOut ? saved[^1] : null, rows: false);
        else
        {
            var range = (CodeRange)ctx.get_data("range");
            dx = empty(x.shape, x.dtype);
            var (sumIn, sumOut) = (x.dtype, g.dtype) switch
            {
                (ScalarType.BFloat16, ScalarType.BFloat16) => CodeKernel.Backward<ushort, Brains, ushort, Brains>(Placed.Here<ushort>(x), Placed.Here<ushort>(g), Placed.Here<ushort>(dx), range),
                (ScalarType.Float32, ScalarType.BFloat16) => CodeKernel.Backward<float, Singles, ushort, Brains>(Placed.Here<float>(x), Placed.Here<ushort>(g), Placed.Here<float>(dx), range),
                _ => CodeKernel.Backward<float, Singles, float, Singles>(Placed.Here<float>(x), Placed.Here<float>(g), Placed.Here<float>(dx), range),
            };
            (dIn, dOut) = (tensor((float)sumIn), tensor((float)sumOut));
        }
        Tensor?[] answer = [dx, hasIn ? dIn : null, hasOut ? dOut : null, null, null, null];
        foreach (Tensor? t in answer) t?.MoveToOuterDisposeScope();
        grad.Dispose();
        return [.. answer.Select(t => t!)];
    }

    private static float Number(Tensor? scale) => scale is null ? 1 : scale.item<float>();
}
