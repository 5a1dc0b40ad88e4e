using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class PublishedPointTests
{
    private static readonly CalibrationTable Table = PublishedPoints.Compare("zcu102");

    [Fact]
    public void TheFittedPointIsMissedByHalfAPercentAndThePredictedOneBySevenInBothReadings()
    {
        double[] Errors(PointRole role) => [.. Table.Rows.Where(r => r.Point.Role == role).SelectMany(r => r.Readings).Select(r => Math.Round(r.ErrorPercent, 1))];
        Assert.Equal([0.5], Errors(PointRole.Fitted));
        Assert.Equal([7.3, 6.8], Errors(PointRole.Predicted));
        Assert.Equal(7.3, Table.Predicted.WorstPercent!.Value, 0.05);
    }

    /// <summary>The rule, brute force: of all 16-bit engines whose resources fit, none is nearer to the dense point.</summary>
    [Fact]
    public void TheEngineIsTheOneOfItsBitsThatFitsAndComesNearestToTheDensePoint()
    {
        CalibrationRow dense = Row("DeiT-S dense");
        Workload net = VitSample.Deit(384, 6, 0, 64, [.. Enumerable.Repeat(197, 12)]).ToWorkload("dense");
        var device = new FpgaDevice(BoardCatalog.Zcu102);
        var words = device.Candidates.Where(e => e.Kind == EngineKind.Words && Resources.Of(e, device.Board, 197).Misfit(device.Board, e) is null)
            .Select(e => (e.Name, Miss: Math.Abs(device.LatencyMs(net, e) - 22.31))).ToList();
        Assert.True(words.Count > 10);
        Assert.Equal(words.MinBy(w => w.Miss).Name, dense.Engine);
        Assert.Equal(dense.Engine, Row("DeiT-S pruned").Engine);
        Assert.Equal(words.Count(w => w.Miss / 22.31 <= 0.02), Table.Spread!.Engines);
    }

    [Fact]
    public void APublishedPointCountsOnceHoweverManyReadingsItHasAndThereIsNoMeanOfTwo()
    {
        Assert.Equal((1, 2), (Table.Predicted.N, Table.Predicted.Readings));
        Assert.Equal("n = 1: no mean; worst 7.3 % of 2 readings", Table.Predicted.Text);
        Assert.Equal((1, null, null), (Table.Fitted.N, Table.Fitted.MeanPercent, Table.Fitted.BiasPercent));
        Assert.Equal("n = 2: no mean; worst 6.0 %", ErrorSummary.Of([[3], [-6]]).Text);
        Assert.Equal("n = 3: mean |error| 4.0 %, bias +2.0 %; worst 9.0 % of 4 readings", ErrorSummary.Of([[3, -9], [6], [-3]]).Text);
        Assert.Equal("n = 0: no points", ErrorSummary.Of([]).Text);
    }

    /// <summary>The model's own figure at twice the clock, published as frames or as operations per second: no error is left, whatever the unit.</summary>
    [Theory]
    [InlineData("FPS")]
    [InlineData("GOPS")]
    [InlineData("ms")]
    public void AFigureIsComparedInItsOwnUnitAndAtItsOwnClock(string unit)
    {
        ValueList<int> tokens = [.. Enumerable.Repeat(197, 12)];
        var device = new FpgaDevice(BoardCatalog.Zcu102);
        double ms = device.LatencyMs(VitSample.Deit(384, 6, 0, 64, [.. tokens]).ToWorkload("dense"), device.IndexOf("3x64x8-w16a16")) / 2;
        double figure = unit switch { "FPS" => 1e3 / ms, "GOPS" => 2 * 4.599 / (ms / 1e3), _ => ms };
        var fitted = new PublishedPoint("zcu102", "made up", "dense", PointRole.Fitted, figure, unit, "nobody", "paper", ClockMHz: 300, Gmac: 4.599, Kind: EngineKind.Words, Net: new PublishedNet(384, 6, tokens));
        PublishedPoint slower = fitted with { Point = "half the clock", Role = PointRole.Predicted, ClockMHz = 150 };
        CalibrationTable table = CalibrationTable.Of(BoardCatalog.Zcu102, [fitted, slower]);
        Assert.Equal("3x64x8-w16a16", table.Rows[0].Engine);
        Assert.Equal(figure, table.Rows[0].Readings[0].Modelled, figure * 1e-9);
        Assert.Equal(0, table.Rows[0].Readings[0].ErrorPercent, 1e-6);
        Assert.Equal(unit == "ms" ? 100 : -50, table.Rows[1].Readings[0].ErrorPercent, 1e-6);   // twice the time, half the rate
        Assert.Equal(4.599e9 / (ms / 1e3) / 300e6, table.Rows[0].MacPerCycle!.Value, 1e-6);
    }

    /// <summary>Studies let the memory bind and the calibration does not: on these nets and engines that is the same.</summary>
    [Fact]
    public void NoProductOfThePricedPointsIsBoundByTheMemory()
    {
        Board free = BoardCatalog.Zcu102, bound = free with { Ddr = free.Ddr with { Binds = true } };
        ValueList<PublishedPoint> points = PublishedPoints.All.Where(p => p.Net is not null).ToValueList();
        Assert.Equal(CalibrationTable.Of(free, points).Rows, CalibrationTable.Of(bound, points).Rows);
        Board slow = bound with { Ddr = bound.Ddr with { BytesPerSecond = 1e9 } };
        Assert.NotEqual(CalibrationTable.Of(free, points).Rows, CalibrationTable.Of(slow, points).Rows);   // so the test can fail
    }

    [Fact]
    public void ABlocksUnknownTimeIsShownAtBothEndsOnTwelveBlocks()
    {
        CalibrationRow row = Row("DeiT-S pruned");
        Assert.Equal(["t_blk 0.07 ms", "t_blk 0.30 ms"], row.BlockTimes.Select(r => r.Name));
        Assert.Equal(row.Readings[0].Modelled + 12 * 0.07, row.BlockTimes[0].Modelled, 1e-9);
        Assert.Equal(row.Readings[0].Modelled + 12 * 0.30, row.BlockTimes[1].Modelled, 1e-9);
    }

    [Fact]
    public void ARecalledFigureIsNeverAmongThePublishedOnes()
    {
        Assert.DoesNotContain(PublishedPoints.All, p => p.Provenance == "recalled" || p.Point.Contains("keep"));
        Assert.DoesNotContain(Table.Rows, r => !r.Point.IsPublished);
        Assert.Equal(12, PublishedPoints.Withheld);
        Assert.All(PublishedPoints.All, p => Assert.Contains(p.Provenance, (string[])["paper", "third party"]));
    }

    [Theory]
    [InlineData("DeiT-B fp32", 1_171)]
    [InlineData("DeiT-B mixed scheme", 6_651)]
    [InlineData("DeiT-B W1A8", 2_810)]
    [InlineData("DeiT-B W1A6", 3_513)]
    [InlineData("EfficientViT", 1_951)]
    public void TheClaimedWorkPerCycleIsTheDerivedOne(string point, int macs)
        => Assert.Equal(macs, Row(point).MacPerCycle!.Value, 0.51);

    [Fact]
    public void NoPointWithoutALayerListIsPricedAndThoseOfUnknownWorkGetAnUpperBoundInstead()
    {
        foreach (CalibrationRow row in Table.Rows.Where(r => r.Point.Role == PointRole.PlausibilityOnly))
        {
            Assert.Empty(row.Readings);
            Assert.True(row.MacPerCycle is not null || row.MostGmac > 0, row.Point.Point);
            Assert.Equal(row.MacPerCycle is null, row.Plausible is null);
        }
        Assert.Equal(6_144 * 150e6 / 101.5 / 1e9, Row("searched, W4/8 A6, first").MostGmac!.Value, 1e-9);
    }

    [Fact]
    public void TheGateIsThePeakOfTheDesignsPrecisionAndSaysWhenThatIsUnknown()
    {
        CalibrationRow dense = Row("DeiT-S dense"), int8 = Row("DeiT-S INT8 pruned"), mixed = Row("searched, W4/8 A6, first"), binary = Row("DeiT-B W1A8");
        Assert.Equal((1_536, dense.Engine), (dense.Peak, dense.PeakOf));
        Assert.Equal(new FpgaDevice(BoardCatalog.Zcu102).Fitting(197).Where(e => e.Kind == EngineKind.Bytes).Max(e => e.Products), int8.Peak);
        Assert.True(int8.Peak < mixed.Peak, "8-bit products are fewer than atoms");
        Assert.Equal(("w8a8", "w4a6", "any bits: w4a6"), (int8.PeakOf, mixed.PeakOf, binary.PeakOf));
        Assert.All(Table.Rows.Where(r => r.Point.Role != PointRole.PlausibilityOnly), r => Assert.True(r.Plausible));
        Assert.Equal("DeiT-B mixed scheme", Assert.Single(Table.Rows, r => r.Plausible == false).Point.Point); // its shifts in logic are beyond the model's engines
    }

    [Fact]
    public void TheMultiplicationsOfTheRecordsAreThoseOfTheNets()
    {
        Assert.Equal(4.599, Gmac(384, 6, [.. Enumerable.Repeat(197, 12)]), 0.0005);
        Assert.Equal(17.564, Gmac(768, 12, [.. Enumerable.Repeat(197, 12)]), 0.0005);
        Assert.Equal(2.65, Gmac(384, 6, [.. Row("DeiT-S pruned").Point.Net!.Tokens]), 0.005);
    }

    [Fact]
    public void TheResolutionIsTheWorstOverAllEnginesThatCouldHaveBeenChosenAsWell()
    {
        Assert.Equal((3, 2.0), (Table.Spread!.Engines, Table.Spread.WithinPercent));
        Assert.True(Table.Spread.LeastPercent <= 5.5 && Table.Spread.MostPercent > Table.Predicted.WorstPercent);
        Assert.Equal(8.1, Table.ResolutionPercent!.Value, 0.05);
    }

    [Fact]
    public void ABoardWithoutPointsSaysWhereThereAreSome()
    {
        Assert.Contains("expected one of zcu102", Assert.Throws<SpecException>(() => PublishedPoints.Compare("kv260")).Message);
        Assert.Contains("did you mean 'zcu102'", Assert.Throws<SpecException>(() => PublishedPoints.Compare("zcu-102")).Message);
    }

    private static CalibrationRow Row(string point) => Table.Rows.Single(r => r.Point.Point == point);

    private static double Gmac(int width, int heads, int[] tokens)
    {
        long sum = 196L * 768 * width + 1000L * width;
        foreach (long n in tokens) sum += 4 * n * width * width + 2 * n * n * 64 * heads + 8 * n * width * width;
        return sum / 1e9;
    }
}
