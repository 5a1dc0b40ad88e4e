using BenchmarkDotNet.Attributes;
using Hone.Model;
using Hone.Neural.Fused;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Benchmarks.Bench;

/// <summary>Attention with codes of P forwards and backwards, batch 32, 50 tokens, heads of width 16, float32, one thread: torch's operations against the fused function.</summary>
public class FusedAttention
{
    private const int Images = 32, Tokens = 50, Width = 16;
    private Tensor _q = null!, _kv = null!;

    [Params(2, 3, 4)]
    public int Heads { get; set; }

    private AttentionShape Shape => new(Images, Heads, Width, Tokens, Tokens, 0.25f, 63);

    [GlobalSetup]
    public void Draw()
    {
        set_num_threads(1);
        var chance = new Chance(1, Streams.Sampling);
        (_q, _kv) = (Normal(Heads * Width), Normal(2 * Heads * Width));

        Tensor Normal(int columns) => tensor(Enumerable.Range(0, Images * Tokens * columns).Select(_ => (float)chance.NextGaussian()).ToArray()).view(Images, Tokens, columns).requires_grad_(true);
    }

    [GlobalCleanup]
    public void Free()
    {
        _q.Dispose();
        _kv.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Torch() => Backwards(() => Attention.Composed(_q, _kv, Shape));

    [Benchmark]
    public void Function() => Backwards(() => Attention.Apply(_q, _kv, Heads, Shape.Scale, Shape.Levels));

    private static void Backwards(Func<Tensor> forward)
    {
        using var scope = NewDisposeScope();
        forward().sum().backward();
    }
}
