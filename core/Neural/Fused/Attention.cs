using Hone.Neural.Elastic;
using Hone.Neural.Quantize;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Hone.Neural.Fused;

/// <summary>
/// Attention of many heads: o = P v per head, P = softmax(scale q k^T), or its codes round(levels P), whose rounding passes its gradient on. Letters: B images, m queries, n keys,
/// h heads of width d, A = h d. On the processor one fused function (<see cref="AttentionKernel"/>), elsewhere torch's own operations.
/// </summary>
internal static class Attention
{
    /// <summary>Answers (B, m, A) in units of the values, or of the values over <paramref name="levels"/>, in the type of <paramref name="q"/>.</summary>
    /// <param name="q">(B, m, A), float32 or bfloat16.</param>
    /// <param name="kv">(B, n, 2 A): the keys of all heads, then their values; the same type.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="levels">0: probabilities are no codes.</param>
    public static Tensor Apply(Tensor q, Tensor kv, int heads, double scale, int levels)
    {
        AttentionShape shape = AttentionShape.Of(q, kv, heads, scale, levels);
        return shape.Fuses(q) ? AttentionFunction.Apply(q, kv, shape, keeps: is_grad_enabled()) : Composed(q, kv, shape);
    }

    /// <summary>The same as operations of torch.</summary>
    public static Tensor Composed(Tensor q, Tensor kv, AttentionShape s)
    {
        Tensor heads = q.view(s.Images, s.Queries, s.Heads, s.Width).transpose(1, 2);                          // (B, h, m, d)
        Tensor both = kv.view(s.Images, s.Keys, 2, s.Heads, s.Width).permute(2, 0, 3, 1, 4);                   // (2, B, h, n, d)
        Tensor p = F.softmax(matmul(heads, both[0].transpose(2, 3)).Times(s.Scale), -1, ScalarType.Float32);   // (B, h, m, n)
        p = s.Levels == 0 ? p.to_type(q.dtype) : FakeQuantizer.Codes(p.Times(s.Levels), 0, s.Levels, q.dtype);
        return matmul(p, both[1]).transpose(1, 2).reshape(s.Images, s.Queries, s.Inner);
    }

    /// <summary>The fused function of autograd; keeps q, kv and the probabilities.</summary>
    private sealed class AttentionFunction : autograd.SingleTensorFunction<AttentionFunction>
    {
        public override string Name => nameof(AttentionFunction);

        public static Tensor Apply(Tensor q, Tensor kv, AttentionShape shape, bool keeps) => apply(q, kv, shape, keeps); // gradients are off inside a function

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            Tensor q = ((Tensor)vars[0]).contiguous(), kv = ((Tensor)vars[1]).contiguous(), o = empty(q.shape, q.dtype);
            var shape = (AttentionShape)vars[2];
            Tensor kept = empty((bool)vars[3] ? shape.Images : 0, shape.Heads, shape.Queries, shape.Row);
            if (q.dtype == ScalarType.BFloat16) AttentionKernel.Forward<ushort, Brains>(Placed.Here<ushort>(q), Placed.Here<ushort>(kv), Placed.Here<ushort>(o), Placed.Here<float>(kept), shape);
            else AttentionKernel.Forward<float, Singles>(Placed.Here<float>(q), Placed.Here<float>(kv), Placed.Here<float>(o), Placed.Here<float>(kept), shape);
            ctx.save_for_backward([q, kv, kept]);
            ctx.save_data("shape", shape);
            return o;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad)
        {
            using var scope = NewDisposeScope();
            List<Tensor> saved = ctx.get_saved_variables();
            var shape = (AttentionShape)ctx.get_data("shape");
            Tensor q = saved[0], kv = saved[1], kept = saved[2], g = grad.contiguous(), dq = empty(q.shape, q.dtype), dkv = empty(kv.shape, q.dtype);
            if (q.dtype == ScalarType.BFloat16) AttentionKernel.Backward<ushort, Brains>(Placed.Here<ushort>(q), Placed.Here<ushort>(kv), Placed.Here<float>(kept), Placed.Here<ushort>(g), Placed.Here<ushort>(dq), Placed.Here<ushort>(dkv), shape);
            else AttentionKernel.Backward<float, Singles>(Placed.Here<float>(q), Placed.Here<float>(kv), Placed.Here<float>(kept), Placed.Here<float>(g), Placed.Here<float>(dq), Placed.Here<float>(dkv), shape);
            dq.MoveToOuterDisposeScope();
            dkv.MoveToOuterDisposeScope();
            grad.Dispose();
            return [dq, dkv, null!, null!];
        }
    }
}
