using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>A function of one number for every number of a tensor, and what its gradient becomes on the way back.</summary>
/// <typeparam name="O">The operation.</typeparam>
internal sealed class FixedFunction<O> : autograd.SingleTensorFunction<FixedFunction<O>> where O : struct, IFixedElement, IFixedSlope
{
    private const string Operation = "operation";

    public override string Name => typeof(O).Name;

    /// <summary>float32 on the processor, any shape; the same shape.</summary>
    public static Tensor Apply(Tensor x, O operation) => apply(x, operation);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor x = ((Tensor)vars[0]).contiguous(), y = empty(x.shape);
        FixedElements.Apply(Placed.Here<float>(x), Placed.Here<float>(y), (O)vars[1]);
        ctx.save_for_backward([x]);
        ctx.save_data(Operation, vars[1]);
        return y;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad)
    {
        using var scope = NewDisposeScope();
        Tensor x = ctx.get_saved_variables()[0], g = grad.contiguous(), dx = empty(x.shape);
        FixedElements.Back(Placed.Here<float>(x), Placed.Here<float>(g), Placed.Here<float>(dx), (O)ctx.get_data(Operation));
        dx.MoveToOuterDisposeScope();
        grad.Dispose();
        return [dx, null!];
    }
}
