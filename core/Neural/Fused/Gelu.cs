using Hone.Neural.Elastic;
using Hone.Neural.Quantize;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Fused;

/// <summary>GELU for training: on the processor one loop each way (<see cref="GeluKernel"/>), within 2e-6 of torch's; elsewhere torch's own.</summary>
internal static class Gelu
{
    /// <summary>x Phi(x), same shape and type (float32 or bfloat16).</summary>
    public static Tensor Apply(Tensor x) => x.device_type == DeviceType.CPU ? GeluFunction.Apply(x) : nn.functional.gelu(x);

    private sealed class GeluFunction : autograd.SingleTensorFunction<GeluFunction>
    {
        public override string Name => nameof(GeluFunction);

        public static Tensor Apply(Tensor x) => apply(x);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            Tensor x = ((Tensor)vars[0]).contiguous(), y = empty(x.shape, x.dtype);
            if (x.dtype == ScalarType.BFloat16) GeluKernel.Forward<ushort, Brains>(Placed.Here<ushort>(x), Placed.Here<ushort>(y));
            else GeluKernel.Forward<float, Singles>(Placed.Here<float>(x), Placed.Here<float>(y));
            ctx.save_for_backward([x]);
            return y;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad)
        {
            using var scope = NewDisposeScope();
            Tensor x = ctx.get_saved_variables()[0], g = grad.contiguous(), dx = empty(x.shape, x.dtype);
            if (x.dtype == ScalarType.BFloat16) GeluKernel.Backward<ushort, Brains>(Placed.Here<ushort>(x), Placed.Here<ushort>(g), Placed.Here<ushort>(dx));
            else GeluKernel.Backward<float, Singles>(Placed.Here<float>(x), Placed.Here<float>(g), Placed.Here<float>(dx));
            dx.MoveToOuterDisposeScope();
            grad.Dispose();
            return [dx];
        }
    }
}
