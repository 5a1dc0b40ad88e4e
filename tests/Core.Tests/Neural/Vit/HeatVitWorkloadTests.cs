using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Core.Tests.Neural.Vit;

public class HeatVitWorkloadTests
{
    private static readonly PruningConfig Cifar = HeatVitConfig.Start with { Shape = VitShape.Cifar10 };
    private static readonly PruningPlan Plan = new([2, 4, 6], [0.7, 0.49, 0.343]);
    private static readonly FpgaDevice Eighth = new(BoardCatalog.Zcu102EighthInt);

    /// <summary>H16 and H8: 3 x 16 x 4 products of 16 bits and 3 x 32 x 4 of 8, 192 slices each.</summary>
    private static long Cycles(Workload workload, bool bytes) => (long)Math.Round(Eighth.LatencyMs(workload, Eighth.Engines[Eighth.IndexOf(bytes ? "3x32x4-w8a8" : "3x16x4-w16a16")]) * Eighth.Board.ClockMHz * 1e3);

    private static Workload WithoutSelectors(Workload workload) => workload with { Ops = workload.Ops.Where(op => op is not Op.Select).ToValueList() };

    [Theory]
    [InlineData(16, 377_162)]
    [InlineData(8, 193_682)]
    public void TheDenseNetTakesTheCyclesOfTheMethodsSheet(int bits, long cycles) =>
        Assert.Equal(cycles, Cycles(PruningWorkload.Lower(PruningPlan.Dense, Cifar with { Bits = bits }), bits == 8));

    [Theory]
    [InlineData(16, 249_750)]
    [InlineData(8, 128_050)]
    public void ThePrunedNetTakesThemToo(int bits, long cycles)
    {
        int[][] kept = [[45], [32], [22]];   // tokens 65, 65, 47, 47, 34, 34, 24, 24 with class token and package; the sheet rounds up
        Assert.Equal(cycles, Cycles(WithoutSelectors(PruningWorkload.Lower(Plan, kept, "the sheet", Cifar with { Bits = bits })), bits == 8));
    }

    [Fact]
    public void BothEnginesHave192SlicesAndFit()
    {
        foreach (string name in (string[])["3x32x4-w8a8", "3x16x4-w16a16"])
        {
            Engine engine = Eighth.Engines[Eighth.IndexOf(name)];
            Assert.Equal(192, Resources.Of(engine, Eighth.Board, 65).Dsp);
            Assert.Null(Resources.Of(engine, Eighth.Board, 65).Misfit(Eighth.Board, engine));
        }
    }

    [Fact]
    public void TheSelectorsWorkIsPricedOnTheSameEngine()
    {
        Workload with = PruningWorkload.Lower(Plan, Cifar);
        Assert.True(Cycles(with, true) > Cycles(WithoutSelectors(with), true));
        Assert.Equal(3, with.Ops.Count(op => op is Op.Select));
    }

    [Fact]
    public void OnlyLayerNormsAndRankingAreHostWork()
    {
        Workload dense = PruningWorkload.Lower(PruningPlan.Dense, Cifar);
        Assert.Equal((2 * 8 * 65 + 1) * 96, new FpgaDevice(BoardCatalog.Zcu102EighthInt).Price(Schedule.Once(dense)).Value("host_elements"));
        Assert.All(dense.Ops.AsEnumerable().OfType<Op.Elementwise>(), e => Assert.Equal(e.Function == Function.LayerNorm ? (Place.Host, Approximation.Exact) : (Place.Accelerator, Approximation.Polynomial), (e.Place, e.Approximation)));
        Assert.All(dense.Ops.AsEnumerable().OfType<Op.Attention>(), a => Assert.Equal((8, 8, 8, 8, false, Approximation.Polynomial), (a.Q.Bits, a.K.Bits, a.V.Bits, a.P.Bits, a.P.Signed, a.Softmax)));
        Assert.All(dense.Ops.AsEnumerable().OfType<Op.Gemm>(), g => Assert.All(g.Weights.Rows, r => Assert.Equal(NumberFormat.Int(8), r.Format)));
    }
}
