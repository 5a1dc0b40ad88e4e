using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

/// <summary>Golden cycles of the ZCU102 model; every figure was derived apart from this code.</summary>
public class GemmLatencyTests
{
    private static readonly Ports Zcu102 = new(4, 2, 4);
    private static readonly Engine E1 = new(3, 32, 8, EngineKind.Words, Zcu102), E2 = new(3, 64, 16, EngineKind.Bytes, Zcu102);
    private static readonly Engine E3 = new(3, 128, 16, EngineKind.Atoms, Zcu102), E4 = new(3, 64, 8, EngineKind.Words, Zcu102);
    private static readonly Engine S = new(2, 16, 16, EngineKind.Atoms, new Ports(2, 1, 2));

    public static TheoryData<string, double, long, long, long> Deit => new()
    {
        { "E1", 0, 1_836_145, 6_385_933, 23_655_493 },
        { "E2", 0, 524_613, 1_720_389, 6_154_437 },
        { "E3", 0, 428_014, 1_099_950, 3_542_226 },
        { "E3", 0.25, 463_474, 1_305_618, 4_371_990 },
        { "E3", 1, 662_050, 1_844_610, 6_393_210 },
        { "E4", 0, 970_610, 3_283_562, 11_994_458 },
    };

    [Theory]
    [MemberData(nameof(Deit))]
    public void DeitTakesTheGoldenCycles(string name, double ratio, long tiny, long small, long @base)
    {
        Engine e = name switch { "E1" => E1, "E2" => E2, "E3" => E3, _ => E4 };
        Assert.Equal((tiny, small, @base), (Cycles(e, 192, 3, ratio), Cycles(e, 384, 6, ratio), Cycles(e, 768, 12, ratio)));
    }

    [Fact]
    public void TheCatalogueHoldsTheGoldenEnginesAndPricesThemAlike()
    {
        var device = new FpgaDevice(BoardCatalog.Zcu102);
        foreach (Engine e in (Engine[])[E1, E2, E3, E4])
        {
            Workload deit = DeitOf(384, 6, 0.25, e.Tm);
            Assert.Equal(ReferencePrice.Cycles(deit, e), device.LatencyMs(deit, e) * 150e3, 1e-6);
        }
    }

    [Fact]
    public void ThePrunedDeitOfTheWorkedExampleTakes2092040Cycles()
        => Assert.Equal(2_092_040, ReferencePrice.Cycles(
            VitSample.Deit(384, 6, 0, 64, 197, 197, 197, 127, 127, 127, 82, 82, 82, 54, 54, 54).ToWorkload("pruned"), E4));

    [Fact]
    public void SingleProductsTakeTheGoldenCycles()
    {
        Assert.Equal(42_749, GemmLatency.Cycles(E2, new GemmShape(0, 1536, 0, 384, 197, 0, 8)));
        Assert.Equal(9_062, GemmLatency.Cycles(E2, new GemmShape(0, 197, 0, 64, 197, 6, 8)));
        Assert.Equal(1_825, GemmLatency.Cycles(S, new GemmShape(64, 0, 0, 256, 50, 0, 6)));
        Assert.Equal(3_625, GemmLatency.Cycles(S, new GemmShape(0, 64, 0, 256, 50, 0, 6)));
    }

    [Fact]
    public void TheBlockOfEngineSTakes12800Cycles()
    {
        long[] block = // qkv, Q K^T, P V, projection, fc1, fc2 at n 50, C 64, h 4, d 16, R 4, half of the rows 8-bit
        [
            GemmLatency.Cycles(S, new GemmShape(96, 96, 0, 64, 50, 0, 6)), GemmLatency.Cycles(S, new GemmShape(0, 50, 0, 16, 50, 4, 6)),
            GemmLatency.Cycles(S, new GemmShape(0, 16, 0, 50, 50, 4, 6)), GemmLatency.Cycles(S, new GemmShape(32, 32, 0, 64, 50, 0, 6)),
            GemmLatency.Cycles(S, new GemmShape(128, 128, 0, 64, 50, 0, 6)), GemmLatency.Cycles(S, new GemmShape(32, 32, 0, 256, 50, 0, 6)),
        ];
        Assert.Equal([2_725, 1_700, 1_100, 925, 3_625, 2_725], block);
        Assert.Equal(12_800, block.Sum());
    }

    [Fact]
    public void AQuarterOfEightBitRowsCanCostMoreThanAllOfThem()
    {
        // 16 rows on tiles of 16: split in 12 + 4 they fill two tiles (1 + 2 passes), together one (2 passes).
        Assert.True(GemmLatency.Cycles(S, new GemmShape(12, 4, 0, 256, 50, 0, 6)) > GemmLatency.Cycles(S, new GemmShape(0, 16, 0, 256, 50, 0, 6)));
    }

    [Fact]
    public void NarrowRowsOnAWideEngineRunAsItsOwn()
        => Assert.Equal(GemmLatency.Cycles(E1, new GemmShape(0, 0, 100, 64, 50, 0, 16)), GemmLatency.Cycles(E1, new GemmShape(30, 40, 30, 64, 50, 0, 6)));

    [Theory]
    [InlineData(192, 3, 1.254)]
    [InlineData(384, 6, 4.599)]
    [InlineData(768, 12, 17.564)]
    public void TheSampleHasThePublishedMacs(int width, int heads, double giga)
        => Assert.Equal(giga, ReferencePrice.Shapes(DeitOf(width, heads, 0, 128)).Sum(s => s.Macs) / 1e9, 0.0005);

    private static Workload DeitOf(int width, int heads, double ratio, int group) =>
        VitSample.Deit(width, heads, ratio, group, [.. Enumerable.Repeat(197, 12)]).ToWorkload("deit");

    private static long Cycles(Engine e, int width, int heads, double ratio) => ReferencePrice.Cycles(DeitOf(width, heads, ratio, e.Tm), e);
}
