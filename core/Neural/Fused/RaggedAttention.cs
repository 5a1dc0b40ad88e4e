using Hone.Neural.Elastic;
using Hone.Neural.Quantize;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Fused;

/// <summary>
/// Attention inside each of several images of different numbers of tokens, which lie one behind the other; without gradients. Letters: B images, T tokens of all images,
/// h heads of width d, A = h d. On the processor <see cref="AttentionKernel"/> image by image, so an image has the same bits as among equals; elsewhere torch's own operations.
/// </summary>
internal static class RaggedAttention
{
    /// <summary>Answers (T, A) in the type of <paramref name="q"/>: per image and head softmax(scale q k^T) v.</summary>
    /// <param name="q">(T, A), float32 or bfloat16.</param>
    /// <param name="kv">(T, 2 A): the keys of all heads, then their values; the same type.</param>
    /// <param name="starts">(B + 1): image b has the tokens from starts[b] to before starts[b + 1]; from 0 to T.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="classMean">(T): gets per image the mean over heads of the probabilities of its first token, the class token's; empty: not wanted.</param>
    /// <exception cref="ArgumentException">The shapes or starts do not go together.</exception>
    public static Tensor Apply(Tensor q, Tensor kv, ReadOnlySpan<int> starts, int heads, double scale, Span<float> classMean = default)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        int tokens = (int)q.shape[0], most = Most(starts, tokens);
        AttentionShape shape = AttentionShape.Of(q.unsqueeze(0), kv.unsqueeze(0), heads, scale, levels: 0) with { Queries = most, Keys = most };
        if (kv.shape[0] != tokens || (!classMean.IsEmpty && classMean.Length != tokens)) throw new ArgumentException($"expected kv and classMean of {tokens} tokens, got {kv.shape[0]} and {classMean.Length}");
        if (!shape.Fuses(q)) return Composed(q, kv, starts, classMean, shape).MoveToOuterDisposeScope();
        (q, kv) = (q.contiguous(), kv.contiguous());
        Tensor o = empty(q.shape, q.dtype);
        if (q.dtype == ScalarType.BFloat16) Run<ushort, Brains>(q, kv, o, starts, classMean, shape);
        else Run<float, Singles>(q, kv, o, starts, classMean, shape);
        return o.MoveToOuterDisposeScope();
    }

    private static void Run<T, S>(Tensor q, Tensor kv, Tensor o, ReadOnlySpan<int> starts, Span<float> classMean, AttentionShape shape) where T : unmanaged where S : IStorage<T>
    {
        ReadOnlySpan<T> queries = Placed.Here<T>(q), keys = Placed.Here<T>(kv);
        Span<T> answers = Placed.Here<T>(o);
        var buffers = new AttentionBuffers(shape);
        for (int b = 0; b + 1 < starts.Length; b++)
        {
            int from = starts[b], n = starts[b + 1] - from, at = from * shape.Inner, count = n * shape.Inner;
            AttentionKernel.Image<T, S>(queries.Slice(at, count), keys.Slice(2 * at, 2 * count), answers.Slice(at, count), [], classMean.IsEmpty ? [] : classMean.Slice(from, n),
                shape with { Images = 1, Queries = n, Keys = n }, buffers);
        }
    }

    /// <summary>The same as operations of torch.</summary>
    public static Tensor Composed(Tensor q, Tensor kv, ReadOnlySpan<int> starts, Span<float> classMean, AttentionShape shape)
    {
        var answers = new List<Tensor>();
        for (int b = 0; b + 1 < starts.Length; b++)
        {
            int from = starts[b], n = starts[b + 1] - from;
            Tensor mean = empty([1, 1, n], ScalarType.Float32, q.device);
            answers.Add(MaskedAttention.Composed(q.narrow(0, from, n).unsqueeze(0), kv.narrow(0, from, n).unsqueeze(0), null, null, mean, shape with { Images = 1, Queries = n, Keys = n }, epsilon: 0).squeeze(0));
            if (!classMean.IsEmpty) mean.Numbers().CopyTo(classMean[from..]);
        }
        return cat(answers);
    }

    /// <summary>The tokens of the largest image.</summary>
    private static int Most(ReadOnlySpan<int> starts, int tokens)
    {
        int most = 0;
        for (int b = 0; b + 1 < starts.Length; b++) most = starts[b] < starts[b + 1] ? Math.Max(most, starts[b + 1] - starts[b]) : throw new ArgumentException($"expected at least one token in each image, got {starts[b + 1] - starts[b]} in image {b}");
        return starts.Length >= 2 && starts[0] == 0 && starts[^1] == tokens ? most : throw new ArgumentException($"expected starts from 0 to {tokens}, got {string.Join(", ", starts.ToArray())}");
    }
}
