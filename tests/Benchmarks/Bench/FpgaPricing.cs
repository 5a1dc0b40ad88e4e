using BenchmarkDotNet.Attributes;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.Bench;

/// <summary>One subnet priced on its fastest engine that fits: goal 5,000 a second (200 us), on one given engine 200,000 (5 us); a whole quote beside.</summary>
public class FpgaPricing
{
    private readonly FpgaDevice _device = FpgaDevice.Find("zcu102-eighth");
    private readonly Workload[] _subnets = new Workload[64];
    private int _at, _engine;

    [GlobalSetup]
    public void Setup()
    {
        var chance = new Chance(1, Streams.Sampling);
        for (int i = 0; i < _subnets.Length; i++)
            _subnets[i] = QuasarVitWorkload.Lower(QuasarVitGenome.Random(QuasarVitConfig.FashionMnist, chance), QuasarVitConfig.FashionMnist, $"{i}");
        _engine = _device.IndexOf(_device.Best(_subnets[0])!.Value.Engine.Name);
    }

    [Benchmark(Baseline = true)]
    public double OneEngine() => _device.LatencyMs(Next(), _engine);

    [Benchmark]
    public double BestEngine() => _device.Best(Next())!.Value.LatencyMs;

    [Benchmark]
    public double Quote() => _device.Price(Schedule.Once(Next())).Value("latency_ms")!.Value;

    private Workload Next() => _subnets[_at++ % _subnets.Length];
}
