using CsCheck;
using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class FpgaPropertyTests
{
    private static readonly FpgaDevice Eighth = new(BoardCatalog.Zcu102Eighth);

    private static readonly Gen<VitBlock> Block =
        from n in Gen.Int[1, 80]
        from h in Gen.Int[1, 6]
        from d in Gen.OneOf(8, 16, 24)
        from r in Gen.Int[1, 4]
        from ratio in Gen.Double[0, 1].Array[4]
        select new VitBlock(n, h, d, r, ratio[0], ratio[1], ratio[2], ratio[3]);

    private static readonly Gen<VitSample> Net =
        from width in Gen.Int[3, 100]
        from patches in Gen.Int[1, 80]
        from length in Gen.Int[1, 60]
        from classes in Gen.Int[2, 20]
        from @group in Gen.OneOf(1, 7, 16)
        from blocks in Block.Array[1, 5]
        select new VitSample(width, patches, length, classes, @group, blocks);

    private static readonly Gen<GemmShape> Shape =
        from rows in Gen.Int[1, 300]
        from k in Gen.Int[1, 300]
        from n in Gen.Int[1, 300]
        from heads in Gen.Int[0, 5]
        from bits in Gen.OneOf(6, 8)
        from eight in Gen.Bool
        select new GemmShape(eight ? 0 : rows, eight ? rows : 0, 0, k, n, heads, bits);

    private static readonly Gen<Engine> AnyEngine =
        from th in Gen.Int[1, 4]
        from tm in Gen.OneOf(3, 8, 16, 32, 64)
        from tk in Gen.OneOf(4, 5, 8, 16)
        from kind in Gen.OneOf(EngineKind.Atoms, EngineKind.Bytes, EngineKind.Words)
        select new Engine(th, tm, tk, kind, new Ports(2, 1, 2));

    [Fact]
    public void TheMemoisedPriceIsTheReferenceOnEveryEngine()
        => Net.Sample(net =>
        {
            Workload w = net.ToWorkload("w");
            for (int e = 0; e < Eighth.Engines.Length; e++)
                Assert.Equal(ReferencePrice.Cycles(w, Eighth.Engines[e]) / 150e3, Eighth.LatencyMs(w, e), 1e-9);
        }, iter: 300);

    [Fact]
    public void TheLeanPathTheSearchAndTheQuoteAgreeBitForBitAndCostsAddUp()
        => Net.Sample(net =>
        {
            Workload w = net.ToWorkload("w");
            Quote quote = Eighth.Price(Schedule.Once(w));
            (Engine engine, double ms) = Eighth.Best(w)!.Value;
            Assert.Equal((ms, engine.Name), (quote.Value("latency_ms")!.Value, quote.Used!.Name));
            Assert.Equal(ms, Eighth.LatencyMs(w, engine));
            Assert.Equal(ms, Nets.Sum(quote));
            Assert.Equal(w.Ops.Select(o => o.Id), quote.Ops.Select(o => o.Op));
        }, iter: 300);

    [Fact]
    public void MoreTokensAreNeverCheaper()
        => Gen.Select(Net, Gen.Int[1, 9], Gen.Int[0, 35]).Sample((net, more, engine) =>
        {
            VitSample longer = net with { Blocks = [.. net.Blocks.Select(b => b with { Tokens = b.Tokens + more })] };
            Assert.True(Eighth.LatencyMs(longer.ToWorkload("b"), engine) >= Eighth.LatencyMs(net.ToWorkload("a"), engine));
        }, iter: 300);

    [Fact]
    public void ALongerTileOfKIsNeverSlowerWhereBothAreComputeBound()
        => Gen.Select(Shape, AnyEngine).Sample((shape, e) =>
        {
            var (small, bound) = GemmLatency.Explain(e, shape);
            var (large, boundLarge) = GemmLatency.Explain(e with { Tk = 2 * e.Tk }, shape);
            return bound != Bound.Compute || boundLarge != Bound.Compute || large <= small;
        }, iter: 5_000);

    [Fact]
    public void ATallerTileIsNeverSlowerWhereBothAreComputeBoundAndItCanBeFilled()
        => Gen.Select(Shape, AnyEngine).Sample((shape, e) =>
        {
            var (small, bound) = GemmLatency.Explain(e, shape);
            var (large, boundLarge) = GemmLatency.Explain(e with { Tm = 2 * e.Tm }, shape);
            return bound != Bound.Compute || boundLarge != Bound.Compute || shape.Rows <= e.Tm || large <= small;
        }, iter: 5_000);

    [Fact]
    public void NoProductBeatsTheEnginesPeak()
        => Gen.Select(Shape, AnyEngine).Sample((shape, e) => (double)shape.Macs / GemmLatency.Cycles(e, shape) <= e.Products, iter: 5_000);

    [Fact]
    public void HalvingACapNeverMakesTheBestLatencyBetter()
    {
        FpgaDevice[] halves = [.. ((string[])["dsp", "lut", "ff", "bram"]).Select(c => new FpgaDevice(Nets.Halved(BoardCatalog.Zcu102Eighth, c)))];
        Net.Sample(net =>
        {
            Workload w = net.ToWorkload("w");
            double whole = Eighth.Best(w)!.Value.LatencyMs;
            Assert.All(halves, half => Assert.True((half.Best(w)?.LatencyMs ?? double.PositiveInfinity) >= whole));
        }, iter: 200);
    }

    [Fact]
    public void TheMemoStaysExactWhenItOverflowsAndManyThreadsShareIt()
    {
        var memo = new GemmMemo([.. Eighth.Engines], Eighth.Board);
        int wrong = 0;
        Parallel.For(0, 4, thread =>
        {
            for (int i = 0; i < 20_000; i++) // 50,000 shapes in all against 32,768 slots
            {
                var shape = new GemmShape(1 + (i + (10_000 * thread)) % 50_000, 0, 0, 7, 5, 0, 6);
                if (memo.Cycles(shape)[17] != GemmLatency.Cycles(Eighth.Engines[17], shape)) Interlocked.Increment(ref wrong);
            }
        });
        Assert.Equal(0, wrong);
    }
}
