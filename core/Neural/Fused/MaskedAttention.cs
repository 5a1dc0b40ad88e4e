using Hone.Neural.Elastic;
using Hone.Neural.Quantize;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Fused;

/// <summary>
/// Attention among tokens some of which are dropped (SPViT, arXiv 2112.13890, and DynamicViT, arXiv 2106.02034, from whose code the formula is): with l = scale q k^T,
/// E_ij = exp(l_ij - max_i) m_j G_ij, where a token's own weight m_i G_ii counts as 1, P_ij = (E_ij + epsilon / n) / (sum_k E_ik + epsilon) and o = P v per head.
/// Letters: B images, n tokens, h heads of width d, A = h d. On the processor one fused function (<see cref="MaskedAttentionKernel"/>), elsewhere torch's own operations.
/// </summary>
/// <remarks>
/// Deviations. max_i is taken over the tokens alive to i (m_j G_ij &gt; 0, or i = j), not over all: a dropped token's high score can not make those of the living underflow. What
/// a dropped token would weigh, exp(l_ij - max_i), is then not bounded by 1 and meets the gradient of its m_j, so that exponent ends at <see cref="MaskedRow.Highest"/>. The maximum
/// counts as a constant on the way back; what this leaves out is of the order of epsilon. At epsilon 0, P is the softmax over the tokens alive.
/// </remarks>
internal static class MaskedAttention
{
    /// <summary>Answers (B, n, A) in the type of <paramref name="q"/>. Without mask, links and mean it is <see cref="Attention"/>, whose epsilon is 0.</summary>
    /// <param name="q">(B, n, A), float32 or bfloat16.</param>
    /// <param name="kv">(B, n, 2 A): the keys of all heads, then their values; the same type.</param>
    /// <param name="mask">m, (B, n), float32: 1 keeps a token, 0 drops it; those of dropped tokens get their gradients too. Null: all 1.</param>
    /// <param name="links">G, (B, n, n), float32 of 0 and 1, without gradient: which keys j a query i may meet. Null: all 1.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="mean">(B, r, n), float32, r 1 or n: gets the mean over heads of the first r rows of P, without gradient. Null: not wanted.</param>
    /// <exception cref="ArgumentException">The shapes or types do not go together.</exception>
    public static Tensor Apply(Tensor q, Tensor kv, Tensor? mask, Tensor? links, int heads, double scale, double epsilon, Tensor? mean)
    {
        if (mask is null && links is null && mean is null) return Attention.Apply(q, kv, heads, scale, levels: 0);
        AttentionShape shape = AttentionShape.Of(q, kv, heads, scale, levels: 0);
        var (images, n) = (shape.Images, shape.Keys);
        if (shape.Queries != n) throw new ArgumentException($"expected as many queries as keys, got {shape.Queries} and {n}");
        Check(mask, "mask", images, n);
        Check(links, "links", images, n, n);
        Check(mean, "mean", images, mean?.shape is [_, 1, _] ? 1 : n, n);
        if (mean?.is_contiguous() == false) throw new ArgumentException("expected a contiguous mean");
        return shape.Fuses(q) ? MaskedFunction.Apply(q, kv, mask, links, mean, shape, (float)epsilon, keeps: is_grad_enabled()) : Composed(q, kv, mask, links, mean, shape, epsilon);
    }

    private static void Check(Tensor? t, string name, params long[] shape)
    {
        if (t is not null && (t.dtype != ScalarType.Float32 || !t.shape.SequenceEqual(shape)))
            throw new ArgumentException($"expected {name} ({string.Join(", ", shape)}) of Float32, got ({string.Join(", ", t.shape)}) of {t.dtype}");
    }

    /// <summary>The same as operations of torch.</summary>
    public static Tensor Composed(Tensor q, Tensor kv, Tensor? mask, Tensor? links, Tensor? mean, AttentionShape s, double epsilon)
    {
        int n = s.Keys;
        Tensor heads = q.view(s.Images, n, s.Heads, s.Width).transpose(1, 2);                                       // (B, h, n, d)
        Tensor both = kv.view(s.Images, n, 2, s.Heads, s.Width).permute(2, 0, 3, 1, 4);                             // (2, B, h, n, d)
        Tensor l = matmul(heads, both[0].transpose(2, 3)).to_type(ScalarType.Float32).Times(s.Scale);               // (B, h, n, n)
        Tensor own = eye(n, n, ScalarType.Float32, q.device), weight = ones_like(own).unsqueeze(0).unsqueeze(0);    // (1, 1, n, n)
        if (mask is not null) weight = own.Plus(mask.view(s.Images, 1, 1, n).mul(ones_like(own).Minus(own)));       // (B, 1, n, n)
        if (links is not null) weight = weight.mul(links.maximum(own).unsqueeze(1));
        Tensor alive = where(weight.Positive(), l.detach(), Placed.On(q.device, float.NegativeInfinity));
        Tensor e = l.Minus(alive.amax([-1], keepdim: true)).minimum(Placed.On(q.device, MaskedRow.Highest)).exp().mul(weight);
        Tensor p = e.Plus(Placed.On(q.device, (float)(epsilon / n))).div(e.sum([-1L], keepdim: true).Plus(Placed.On(q.device, (float)epsilon)));
        mean?.copy_(p.detach().narrow(2, 0, mean.shape[1]).mean([1L]));
        return matmul(p.to_type(q.dtype), both[1]).transpose(1, 2).reshape(s.Images, n, s.Inner);
    }

    /// <summary>The fused function of autograd; keeps q, kv, the mask, exp(l - max) G and the sums of rows.</summary>
    private sealed class MaskedFunction : autograd.SingleTensorFunction<MaskedFunction>
    {
        public override string Name => nameof(MaskedFunction);

        public static Tensor Apply(Tensor q, Tensor kv, Tensor? mask, Tensor? links, Tensor? mean, AttentionShape shape, float epsilon, bool keeps) =>
            apply(q, kv, mask!, links!, mean!, shape, epsilon, keeps);   // gradients are off inside a function

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            Tensor q = ((Tensor)vars[0]).contiguous(), kv = ((Tensor)vars[1]).contiguous(), o = empty(q.shape, q.dtype);
            Tensor? mask = ((Tensor?)vars[2])?.contiguous(), links = ((Tensor?)vars[3])?.contiguous(), mean = (Tensor?)vars[4];
            var (shape, epsilon) = ((AttentionShape)vars[5], (float)vars[6]);
            Tensor kept = empty((bool)vars[7] ? shape.Images : 0, shape.Heads, shape.Keys, shape.Row), owns = empty(shape.Images, shape.Heads, shape.Keys), parts = empty(shape.Images, shape.Heads, shape.Keys);
            if (q.dtype == ScalarType.BFloat16) Run<ushort, Brains>();
            else Run<float, Singles>();
            ctx.save_for_backward(mask is null ? [q, kv, kept, owns, parts] : [q, kv, kept, owns, parts, mask]);
            ctx.save_data("how", (shape, epsilon, ((Tensor?)vars[2])?.requires_grad == true));
            return o;

            void Run<T, S>() where T : unmanaged where S : IStorage<T> => MaskedAttentionKernel.Forward<T, S>(
                Placed.Here<T>(q), Placed.Here<T>(kv), Numbers(mask), Numbers(links), Placed.Here<T>(o), Placed.Here<float>(kept), Placed.Here<float>(owns), Placed.Here<float>(parts), Numbers(mean), shape, epsilon);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad)
        {
            using var scope = NewDisposeScope();
            List<Tensor> saved = ctx.get_saved_variables();
            var (shape, epsilon, wanted) = ((AttentionShape, float, bool))ctx.get_data("how");
            Tensor q = saved[0], kv = saved[1], kept = saved[2], owns = saved[3], parts = saved[4], g = grad.contiguous(), dq = empty(q.shape, q.dtype), dkv = empty(kv.shape, q.dtype);
            Tensor? mask = saved.ElementAtOrDefault(5), dmask = wanted ? empty(shape.Images, shape.Keys) : null;
            if (q.dtype == ScalarType.BFloat16) Run<ushort, Brains>();
            else Run<float, Singles>();
            dq.MoveToOuterDisposeScope();
            dkv.MoveToOuterDisposeScope();
            dmask?.MoveToOuterDisposeScope();
            grad.Dispose();
            return [dq, dkv, dmask!, null!, null!, null!, null!, null!];

            void Run<T, S>() where T : unmanaged where S : IStorage<T> => MaskedAttentionKernel.Backward<T, S>(
                Placed.Here<T>(q), Placed.Here<T>(kv), Numbers(mask), Placed.Here<float>(kept), Placed.Here<float>(owns), Placed.Here<float>(parts), Placed.Here<T>(g), Placed.Here<T>(dq), Placed.Here<T>(dkv), Numbers(dmask), shape, epsilon);
        }

        private static Span<float> Numbers(Tensor? t) => t is null ? [] : Placed.Here<float>(t);
    }
}
