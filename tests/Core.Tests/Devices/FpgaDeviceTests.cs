using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class FpgaDeviceTests
{
    private static readonly FpgaDevice Eighth = new(BoardCatalog.Zcu102Eighth);

    [Theory]
    [InlineData("fm", false, 82.1, "2x32x8-w4a6")]
    [InlineData("fm", true, 502.9, "3x32x8-w4a6")]
    [InlineData("cifar", false, 178.4, "3x32x8-w4a6")]
    [InlineData("cifar", true, 1052.3, "3x32x8-w4a6")]
    public void TheSmallestAndLargestNetsOfTheSpacesTakeTheGoldenMicroseconds(string space, bool largest, double microseconds, string engine)
    {
        Quote quote = Eighth.Price(Schedule.Once(Nets.Extreme(space, largest)));
        Assert.Equal(microseconds, quote.Value("latency_ms")!.Value * 1e3, 0.05);
        Assert.Equal(engine, quote.Used!.Name);
        Assert.Equal(1e3 / quote.Value("latency_ms")!.Value, quote.Value("fps")!.Value, 1e-9);
    }

    [Theory]
    [InlineData("dsp")]
    [InlineData("lut")]
    [InlineData("bram")]
    public void HalvingOneCapTurnsTheEngineOfTheLargestNetsIntoAnother(string cap)
    {
        Board half = Nets.Halved(BoardCatalog.Zcu102Eighth, cap);
        foreach (string space in (string[])["fm", "cifar"])
        {
            Quote quote = new FpgaDevice(half).Price(Schedule.Once(Nets.Extreme(space, largest: true)));
            Assert.NotEqual("3x32x8-w4a6", quote.Used!.Name);
            Assert.True(quote.Value("latency_ms") > Eighth.Price(Schedule.Once(Nets.Extreme(space, true))).Value("latency_ms"));
        }
    }

    [Fact]
    public void EveryTotalSaysThatItIsModelledForWhichDeviceAndByWhichModel()
    {
        Quote quote = Eighth.Price(Schedule.Once(Nets.Extreme("fm", true)));
        Assert.Equal(["latency_ms", "fps", "dsp", "lut", "ff", "bram18", "memory_ms", "host_elements"], quote.Totals.Select(m => m.Metric));
        Assert.All(quote.Totals, m => Assert.Equal((Origin.Modelled, "zcu102-eighth", quote.Calibration), (m.Origin, m.Device, m.Calibration)));
        Assert.Contains("engine only", quote.Calibration);
        Assert.Contains("150 MHz", quote.Calibration);
    }

    [Fact]
    public void TheFastestEngineThatDoesNotFitIsNamedWithItsFigures()
    {
        Quote quote = Eighth.Price(Schedule.Once(Nets.Extreme("cifar", true)));
        Rejection why = Assert.Single(quote.Why);
        Assert.Matches(@"^(DSP|LUT|FF|BRAM18) \d+ % of the cap on zcu102-eighth: needs \d+, allowed \d+ of \d+ \(engine .+\); it would take [\d.]+ us instead of 1\.052 ms$", why.Reason);
    }

    [Fact]
    public void WhenNothingFitsEveryCapThatStandsInTheWayIsNamed()
    {
        Board tiny = BoardCatalog.Zcu102Eighth with { Bram18 = 10 };
        Quote quote = new FpgaDevice(tiny).Price(Schedule.Once(Nets.Extreme("fm", false)));
        Assert.Empty(quote.Totals);
        Assert.Null(quote.Used);
        Assert.Contains(quote.Why, w => w.Constraint == "bram18");
    }

    [Fact]
    public void WhenNothingFitsTheNearestCapComesFirstAndNotTheFirstOfTheAlphabet()
    {
        // Two engines: the small one exceeds the logic by little, the large one the blocks by much.
        Board tiny = BoardCatalog.Zcu102Eighth with { Lut = 7_000, BaseLut = 4_880, Bram18 = 40, Engines = [new EngineGrid(EngineKind.Atoms, [1], [8], [4]), new EngineGrid(EngineKind.Atoms, [4], [32], [4])] };
        var device = new FpgaDevice(tiny);
        Quote quote = device.Price(Schedule.Once(Nets.Extreme("fm", false)));
        Excess[] over = [.. device.Engines.ToArray().Select(e => Resources.Of(e, tiny, 50).Over(tiny)!)];
        Assert.Equal(["bram18", "lut"], over.Select(o => o.Metric).Order());
        Assert.Equal(["lut", "bram18"], quote.Why.Select(w => w.Constraint));
        Assert.Equal(over.Min(o => o.Share), over.Single(o => o.Metric == "lut").Share);
    }

    [Fact]
    public void AStudysLimitOnAResourceMakesTheDeviceTakeTheFastestEngineThatKeepsIt()
    {
        var limited = new FpgaDevice(BoardCatalog.Zcu102Eighth with { Limits = EngineLimits.None with { Bram18 = 100 } });
        Workload net = Nets.Extreme("cifar", true);
        Quote quote = limited.Price(Schedule.Once(net));
        Assert.True(quote.Value("bram18") <= 100 && Eighth.Price(Schedule.Once(net)).Value("bram18") > 100);
        foreach (Engine e in Eighth.Engines)
            if (Resources.Of(e, limited.Board, 65) is { Bram18: <= 100 } r && r.Over(limited.Board) is null) Assert.True(Eighth.LatencyMs(net, e) >= quote.Value("latency_ms"));
    }

    [Fact]
    public void AnEngineAskedForByNameIsPricedAndATooLargeOneIsTurnedDown()
    {
        var schedule = Schedule.Once(Nets.Extreme("fm", true));
        Quote small = Eighth.Price(schedule, new Configuration("2x16x8-w4a6", ""));
        Assert.Equal("2x16x8-w4a6", small.Used!.Name);
        Assert.True(small.Value("latency_ms") > Eighth.Price(schedule).Value("latency_ms"));
        Assert.Equal("bram18", Assert.Single(Eighth.Price(schedule, new Configuration("4x32x4-w4a6", "")).Why).Constraint);
        Assert.Throws<SpecException>(() => Eighth.Price(schedule, new Configuration("5x5x5", "")));
    }

    [Fact]
    public void TheConfigurationsAreTheThirtyEnginesThatFit()
        => Assert.Equal(30, Eighth.Configurations(Nets.Extreme("fm", true)).Count());

    [Fact]
    public void TheHostTermsOfDeitSmallAre824MillionElements()
    {
        Board slow = BoardCatalog.Zcu102 with { Host = new HostTimes(0.5, 0.1, 1) };
        var schedule = Schedule.Once(VitSample.Deit(384, 6, 0, 128, [.. Enumerable.Repeat(197, 12)]).ToWorkload("deit"));
        Quote plain = new FpgaDevice(BoardCatalog.Zcu102).Price(schedule), hosted = new FpgaDevice(slow).Price(schedule);
        Assert.Equal(8_240_904, plain.Value("host_elements"));
        Assert.Equal(plain.Value("latency_ms")!.Value + 8.240904 + 0.5 + 1.2, hosted.Value("latency_ms")!.Value, 1e-9);
        Assert.DoesNotContain("engine only", hosted.Calibration);
        Assert.Equal("host", hosted.Ops.Single(o => o.Op == "b1.ln1").BoundBy);
        Assert.Equal(hosted.Value("latency_ms")!.Value, Nets.Sum(hosted));
    }

    [Fact]
    public void TheMemoryBoundSlowsOnlyWhatMovesMoreThanItComputes()
    {
        var bound = new FpgaDevice(BoardCatalog.Zcu102Eighth with { Ddr = BoardCatalog.Zcu102Eighth.Ddr with { Binds = true } });
        Workload net = Nets.Extreme("cifar", false);
        var engine = new Configuration("3x32x8-w4a6", "");
        Quote free = Eighth.Price(Schedule.Once(net), engine), tied = bound.Price(Schedule.Once(net), engine);
        int slower = 0;
        for (int i = 0; i < free.Ops.Count; i++)
        {
            Assert.Equal(tied.Ops[i].BoundBy == "memory", tied.Ops[i].Value > free.Ops[i].Value);
            if (tied.Ops[i].BoundBy == "memory") slower++;
        }
        Assert.InRange(slower, 1, free.Ops.Count - 1);
        Assert.True(tied.Value("latency_ms") >= tied.Value("memory_ms"));
        Assert.Equal(free.Value("memory_ms"), tied.Value("memory_ms"));
    }

    [Fact]
    public void AScheduleAddsItsPartsAndABatchRepeatsItsImages()
    {
        Workload a = Nets.Extreme("fm", false), b = Nets.Extreme("fm", true);
        var engine = new Configuration("2x32x8-w4a6", "");
        double one = Eighth.Price(Schedule.Once(a), engine).Value("latency_ms")!.Value, two = Eighth.Price(Schedule.Once(b), engine).Value("latency_ms")!.Value;
        Quote both = Eighth.Price(new Schedule([new SchedulePart(a, 3), new SchedulePart(b with { Batch = 4 }, 1)]), engine);
        Assert.Equal((3 * one) + (4 * two), both.Value("latency_ms")!.Value, 1e-9);
        Assert.Equal(7e3 / both.Value("latency_ms")!.Value, both.Value("fps")!.Value, 1e-9);
    }

    [Fact]
    public void TwoDevicesOfTheSameRecordQuoteTheSame()
    {
        Workload net = Nets.Extreme("cifar", true);
        Assert.Equal(new FpgaDevice(BoardCatalog.Find("zcu102")).Price(Schedule.Once(net)), new FpgaDevice(BoardCatalog.Zcu102 with { }).Price(Schedule.Once(net)));
    }

    [Fact]
    public void TheWorkedExampleMissesThePublishedPrunedPointBy5To7Percent()
    {
        FpgaDevice zcu = FpgaDevice.Find("zcu102");
        Engine e4 = zcu.Engines[zcu.IndexOf("3x64x8-w16a16")];
        double dense = zcu.LatencyMs(VitSample.Deit(384, 6, 0, 64, [.. Enumerable.Repeat(197, 12)]).ToWorkload("dense"), e4);
        double pruned = zcu.LatencyMs(VitSample.Deit(384, 6, 0, 64, 197, 197, 197, 127, 127, 127, 82, 82, 82, 54, 54, 54).ToWorkload("pruned"), e4);
        Assert.Equal((21.89, 13.95), (Math.Round(dense, 2), Math.Round(pruned, 2)));
        Assert.Equal((5.4, 7.4), (Math.Round(100 * (pruned / 13.23 - 1), 1), Math.Round(100 * (pruned * 22.31 / dense / 13.23 - 1), 1)));
    }
}
