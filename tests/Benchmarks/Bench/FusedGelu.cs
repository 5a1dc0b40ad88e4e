using BenchmarkDotNet.Attributes;
using Hone.Model;
using Hone.Neural.Fused;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Benchmarks.Bench;

/// <summary>GELU forwards and backwards over the hidden layer of a net of width 64, batch 32, float32, one thread: torch's against ours.</summary>
public class FusedGelu
{
    private Tensor _x = null!;

    [GlobalSetup]
    public void Draw()
    {
        set_num_threads(1);
        var chance = new Chance(1, Streams.Sampling);
        _x = tensor(Enumerable.Range(0, 32 * 50 * 256).Select(_ => (float)chance.NextGaussian()).ToArray()).requires_grad_(true);
    }

    [GlobalCleanup]
    public void Free() => _x.Dispose();

    [Benchmark(Baseline = true)]
    public void Torch() => Backwards(x => nn.functional.gelu(x));

    [Benchmark]
    public void Function() => Backwards(Gelu.Apply);

    private void Backwards(Func<Tensor, Tensor> forward)
    {
        using var scope = NewDisposeScope();
        forward(_x).sum().backward();
    }
}
