using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class FpgaExtentTests
{
    private static readonly FpgaDevice Device = new(BoardCatalog.Zcu102Eighth with { Host = new HostTimes(0, 0, 0.5) });
    private static readonly Configuration Engine = new("2x32x8-w4a6", "");
    private static readonly NumberFormat Int6 = NumberFormat.Int(6), Int8 = NumberFormat.Int(8);
    private static readonly Extent Varying = new("tokens", [new ExtentPoint(50, 0.05), new ExtentPoint(20, 0.55), new ExtentPoint(33, 0.4)], "100 images");

    [Fact]
    public void TheMeanIsTheMeanOverTheHistogram()
    {
        double mean = (0.05 * Ms(50, 50)) + (0.55 * Ms(20, 20)) + (0.4 * Ms(33, 33));
        Assert.Equal(mean, Price(Varying, Varying).Value("latency_ms")!.Value, 1e-12);
    }

    [Fact]
    public void TheP95IsThePriceAtThe95thPercentileOfTheSizes()
    {
        Quote quote = Price(Varying, Varying);
        Assert.Equal(Ms(33, 33), quote.Value("latency_p95_ms")!.Value, 1e-12);
        Assert.True(quote.Value("latency_p95_ms") > quote.Value("latency_ms"));
        Assert.Null(Price(Extent.Fixed("tokens", 50), Extent.Fixed("tokens", 50)).Value("latency_p95_ms"));
    }

    [Fact]
    public void SizesThatVaryTogetherRiseTogether()
    {
        var keys = new Extent("keys", [new ExtentPoint(10, 0.5), new ExtentPoint(40, 0.5)], "100 images");
        // Queries 20 (0.55), 33 (0.40), 50 (0.05) against keys 10 (0.5), 40 (0.5).
        double mean = (0.5 * AttentionMs(20, 10)) + (0.05 * AttentionMs(20, 40)) + (0.4 * AttentionMs(33, 40)) + (0.05 * AttentionMs(50, 40));
        Assert.Equal(mean, Device.Price(Schedule.Once(new Workload("w", Mode.Infer, 1, [Attention(Varying, keys)])), Engine).Value("latency_ms")!.Value, 1e-12);
    }

    [Fact]
    public void CostsAddUpAndTheLeanPathAgreesWhenSizesVary()
    {
        Quote quote = Price(Varying, Varying);
        Assert.Equal(quote.Value("latency_ms")!.Value, Nets.Sum(quote));
        Assert.Equal(quote.Value("latency_ms")!.Value, Device.LatencyMs(Net(Varying, Varying), Device.IndexOf(Engine.Name)));
    }

    private static double Ms(int queries, int keys) => Price(Extent.Fixed("tokens", queries), Extent.Fixed("tokens", keys)).Value("latency_ms")!.Value;

    private static double AttentionMs(int queries, int keys) =>
        Device.LatencyMs(new Workload("w", Mode.Infer, 1, [Attention(Extent.Fixed("tokens", queries), Extent.Fixed("keys", keys))]), Device.IndexOf(Engine.Name));

    private static Quote Price(Extent queries, Extent keys) => Device.Price(Schedule.Once(Net(queries, keys)), Engine);

    private static Op Attention(Extent queries, Extent keys) => new Op.Attention("a", "block 1", 2, Place.Any, 3, 3, 16, queries, keys,
        Int6, Int8, Int8, NumberFormat.Int(6, false), Int6, Sparsity.Dense, Approximation.Exact, false);

    private static Workload Net(Extent queries, Extent keys) => new("net", Mode.Infer, 1,
    [
        new Op.Elementwise("ln", "block 1", 1, Place.Host, Function.LayerNorm, queries, 64, NumberFormat.F32, Int6, Approximation.Exact),
        new Op.Gemm("fc1", "block 1", 1, Place.Any, Weights.Uniform("fc1", 128, 64, Int8), queries, Int6, Int8, [Function.Gelu]),
        Attention(queries, keys),
    ]);
}
