using Hone.Neural.Elastic;
using Hone.Neural.Fused;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural;

public class RaggedAttentionTests
{
    private static readonly int[] s_tokens = [1, 50, 2, 7, 51, 197];

    private static int[] Starts(params int[] tokens) => [0, .. tokens.Select((_, b) => tokens[..(b + 1)].Sum())];

    private static float[] Values(Tensor t) => t.to_type(ScalarType.Float32).Numbers();

    [Theory]
    [InlineData(1, 64, ScalarType.Float32)]
    [InlineData(4, 16, ScalarType.Float32)]
    [InlineData(3, 24, ScalarType.BFloat16)]
    [InlineData(2, 8, ScalarType.BFloat16)]
    public void AnImageHasTheBitsOfTheDenseKernel(int heads, int width, ScalarType type)
    {
        using var scope = NewDisposeScope();
        int inner = heads * width;
        int[] starts = Starts(s_tokens);
        Tensor q = Tiny.Draw(1, 2, starts[^1], inner).to_type(type), kv = Tiny.Draw(2, 1, starts[^1], 2 * inner).to_type(type);
        Tensor o = RaggedAttention.Apply(q, kv, starts, heads, 0.25);
        Assert.Equal(type, o.dtype);
        using var frozen = no_grad();
        for (int b = 0; b < s_tokens.Length; b++)
        {
            Tensor one = Attention.Apply(q.narrow(0, starts[b], s_tokens[b]).unsqueeze(0), kv.narrow(0, starts[b], s_tokens[b]).unsqueeze(0), heads, 0.25, 0);
            Assert.Equal(Values(one), Values(o.narrow(0, starts[b], s_tokens[b])));
        }
    }

    [Fact]
    public void ImagesOfEqualLengthHaveTheBitsOfTheDenseBatch()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Tensor q = Tiny.Draw(1, 2, 3, 51, 64), kv = Tiny.Draw(2, 1, 3, 51, 128);
        Tensor o = RaggedAttention.Apply(q.view(153, 64), kv.view(153, 128), Starts(51, 51, 51), 4, 0.25);
        Assert.Equal(Values(Attention.Apply(q, kv, 4, 0.25, 0)), Values(o));
    }

    [Theory]
    [InlineData(4, 16)]
    [InlineData(2, 5)]     // no width of the kernel's
    public void TheClassTokensProbabilitiesAreTheMeanOverHeads(int heads, int width)
    {
        using var scope = NewDisposeScope();
        int inner = heads * width;
        int[] starts = Starts(s_tokens);
        Tensor q = Tiny.Draw(1, 2, starts[^1], inner), kv = Tiny.Draw(2, 1, starts[^1], 2 * inner);
        float[] mean = new float[starts[^1]];
        Tensor o = RaggedAttention.Apply(q, kv, starts, heads, 0.25, mean);
        for (int b = 0; b < s_tokens.Length; b++)
        {
            Tensor queries = q.narrow(0, starts[b], s_tokens[b]).view(-1, heads, width).transpose(0, 1);
            Tensor[] both = kv.narrow(0, starts[b], s_tokens[b]).view(-1, 2, heads, width).transpose(0, 2).unbind(1);   // (h, n, d)
            Tensor p = matmul(queries, both[0].transpose(1, 2)).Times(0.25).softmax(-1);
            float[] expected = Values(p.select(1, 0).mean([0])), answer = Values(matmul(p, both[1]).transpose(0, 1).reshape(-1, inner));
            for (int j = 0; j < expected.Length; j++) Assert.Equal(expected[j], mean[starts[b] + j], 1e-6);
            Tensor its = o.narrow(0, starts[b], s_tokens[b]);
            Assert.Equal(1, mean[starts[b]..starts[b + 1]].Sum(), 1e-5);
            Assert.All(answer.Zip(Values(its)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    public void TheOperationsOfTorchAreTheKernel()
    {
        using var scope = NewDisposeScope();
        int[] starts = Starts(7, 1, 50);
        Tensor q = Tiny.Draw(1, 2, 58, 48), kv = Tiny.Draw(2, 1, 58, 96);
        float[] mean = new float[58], composedMean = new float[58];
        Tensor o = RaggedAttention.Apply(q, kv, starts, 3, 0.25, mean), composed = RaggedAttention.Composed(q, kv, starts, composedMean, new AttentionShape(1, 3, 16, 58, 58, 0.25f, 0));
        Assert.All(Values(composed).Zip(Values(o)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.All(composedMean.Zip(mean), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void StartsThatDoNotFitAreRefused()
    {
        using var scope = NewDisposeScope();
        Tensor q = zeros(5, 16), kv = zeros(5, 32);
        Assert.Contains("from 0 to 5", Assert.Throws<ArgumentException>(() => RaggedAttention.Apply(q, kv, [0, 4], 1, 1)).Message);
        Assert.Contains("in image 1", Assert.Throws<ArgumentException>(() => RaggedAttention.Apply(q, kv, [0, 3, 3, 5], 1, 1)).Message);
        Assert.Contains("5 tokens", Assert.Throws<ArgumentException>(() => RaggedAttention.Apply(q, kv, [0, 5], 1, 1, new float[4])).Message);
        Assert.Contains("(1, 5, 24)", Assert.Throws<ArgumentException>(() => RaggedAttention.Apply(q, zeros(5, 24), [0, 5], 1, 1)).Message);
    }
}
