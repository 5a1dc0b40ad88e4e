using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Vit;

/// <summary>HeatViT's softmax over the last axis as one function of autograd; see <see cref="SoftmaxRounding"/>.</summary>
internal static class PolynomialSoftmax
{
    /// <summary>Shares of the shape of the scores.</summary>
    /// <param name="scores">(B, h, n, n), or any shape where there is no mask.</param>
    /// <param name="mask">(B, n), 1 for tokens that are alive; a token's own score always counts (SPViT's code). Null: all are.</param>
    public static Tensor Apply(Tensor scores, Tensor? mask, SoftmaxRounding rounding) => SoftmaxFunction.Apply(scores, mask, rounding);

    private sealed class SoftmaxFunction : autograd.SingleTensorFunction<SoftmaxFunction>
    {
        public override string Name => nameof(SoftmaxFunction);

        public static Tensor Apply(Tensor scores, Tensor? mask, SoftmaxRounding rounding) => apply(scores, mask!, rounding);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            Tensor scores = ((Tensor)vars[0]).contiguous(), p = empty(scores.shape);
            Tensor? mask = ((Tensor?)vars[1])?.contiguous();
            var rounding = (SoftmaxRounding)vars[2];
            int n = (int)scores.shape[^1];
            ReadOnlySpan<float> s = Placed.Here<float>(scores), m = mask is null ? [] : Placed.Here<float>(mask);
            Span<float> to = Placed.Here<float>(p);
            var buffers = new SoftmaxRounding.Buffers(n);
            int perImage = mask is null ? 1 : s.Length / (int)mask.shape[0];
            for (int at = 0, row = 0; at < s.Length; at += n, row++)
                rounding.Forward(s.Slice(at, n), m.IsEmpty ? m : m.Slice(at / perImage * n, n), m.IsEmpty ? -1 : row % n, to.Slice(at, n), buffers);
            ctx.save_for_backward(mask is null ? [scores] : [scores, mask]);
            ctx.save_data("how", (rounding, ((Tensor?)vars[1])?.requires_grad == true));
            return p;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad)
        {
            using var scope = NewDisposeScope();
            List<Tensor> saved = ctx.get_saved_variables();
            var (rounding, wanted) = ((SoftmaxRounding, bool))ctx.get_data("how");
            Tensor scores = saved[0], g = grad.contiguous(), ds = empty(scores.shape);
            Tensor? mask = saved.ElementAtOrDefault(1), dmask = wanted ? zeros_like(mask!) : null;
            int n = (int)scores.shape[^1];
            ReadOnlySpan<float> s = Placed.Here<float>(scores), m = mask is null ? [] : Placed.Here<float>(mask), from = Placed.Here<float>(g);
            Span<float> to = Placed.Here<float>(ds), masks = dmask is null ? [] : Placed.Here<float>(dmask);
            var buffers = new SoftmaxRounding.Buffers(n);
            int perImage = mask is null ? 1 : s.Length / (int)mask.shape[0];
            for (int at = 0, row = 0; at < s.Length; at += n, row++)
            {
                int image = at / perImage * n;
                rounding.Backward(s.Slice(at, n), m.IsEmpty ? m : m.Slice(image, n), m.IsEmpty ? -1 : row % n, from.Slice(at, n), to.Slice(at, n), masks.IsEmpty ? masks : masks.Slice(image, n), buffers);
            }
            ds.MoveToOuterDisposeScope();
            dmask?.MoveToOuterDisposeScope();
            grad.Dispose();
            return [ds, dmask!, null!];
        }
    }
}
