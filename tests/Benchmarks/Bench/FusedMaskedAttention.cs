using BenchmarkDotNet.Attributes;
using Hone.Model;
using Hone.Neural.Fused;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Benchmarks.Bench;

/// <summary>
/// Attention with dropped tokens forwards and backwards, batch 32, 51 tokens, four heads of width 16, one thread: against attention among all, of which it should take at most 1.25
/// times the time. Torch's operations are there to compare with.
/// </summary>
public class FusedMaskedAttention
{
    private const int Images = 32, Tokens = 51, Heads = 4, Width = 16;
    private const double Scale = 0.25, Epsilon = 1e-6;
    private Tensor _q = null!, _kv = null!, _mask = null!, _links = null!, _mean = null!;

    [Params(ScalarType.Float32, ScalarType.BFloat16)]
    public ScalarType Type { get; set; }

    [GlobalSetup]
    public void Draw()
    {
        set_num_threads(1);
        var chance = new Chance(1, Streams.Sampling);
        (_q, _kv) = (Normal(Heads * Width), Normal(2 * Heads * Width));
        (_mask, _links, _mean) = (Some(Images, Tokens).requires_grad_(true), Some(Images, Tokens, Tokens), zeros(Images, 1, Tokens));

        Tensor Normal(int columns) =>
            tensor(Enumerable.Range(0, Images * Tokens * columns).Select(_ => (float)chance.NextGaussian()).ToArray()).view(Images, Tokens, columns).to_type(Type).requires_grad_(true);

        Tensor Some(params long[] shape) => tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => chance.Next(3) == 0 ? 0f : 1f).ToArray()).view(shape);
    }

    [GlobalCleanup]
    public void Free()
    {
        foreach (Tensor t in new[] { _q, _kv, _mask, _links, _mean }) t.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Plain() => Backwards(() => Attention.Apply(_q, _kv, Heads, Scale, levels: 0));

    [Benchmark]
    public void Masked() => Backwards(() => MaskedAttention.Apply(_q, _kv, _mask, null, Heads, Scale, Epsilon, _mean));

    [Benchmark]
    public void Linked() => Backwards(() => MaskedAttention.Apply(_q, _kv, _mask, _links, Heads, Scale, Epsilon, _mean));

    [Benchmark]
    public void Torch() => Backwards(() => MaskedAttention.Composed(_q, _kv, _mask, null, _mean, new AttentionShape(Images, Heads, Width, Tokens, Tokens, (float)Scale, 0), Epsilon));

    private static void Backwards(Func<Tensor> forward)
    {
        using var scope = NewDisposeScope();
        forward().sum().backward();
    }
}
