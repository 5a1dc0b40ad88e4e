using Hone.Devices.Fpga;
using Hone.Devices.Tables;
using Hone.Model;
using Reading = Hone.Model.Reading;
using static Hone.Core.Tests.Devices.Tables.Samples;

namespace Hone.Core.Tests.Devices.Tables;

public class TableDeviceTests
{
    private static readonly Workload Net = new("net", Mode.Infer, 1,
        [Gemm(64, 32, 50, id: "a"), Norm(50, 64, "b"), Gemm(64, 32, 50, id: "c", repeat: 3), Attention(4, 16, 50, "d")]);

    private static CostTable Table(params CostEntry[] more) => CostTable.Empty("pi").With(
    [
        CostEntry.Of(Gemm(64, 32, 50), Net, Read(0.2, 0.02)), CostEntry.Of(Norm(50, 64), Net, Read(0.01, 0.001)),
        CostEntry.Of(Attention(4, 16, 50), Net, Read(0.1, 0.03)), .. more,
    ]);

    [Fact]
    public void APriceIsTheSumOfTheReadings()
    {
        var device = new TableDevice(Table());
        Quote quote = device.Price(Schedule.Once(Net));
        Measurement total = quote.Totals[0];
        Assert.Equal(0.2 + 0.01 + 0.6 + 0.1, total.Value, 1e-12);
        Assert.Equal(("latency_ms", "ms", Origin.Modelled, "pi", "table 1, cal a"), (total.Metric, total.Unit, total.Origin, total.Device, total.Calibration));
        Assert.Equal(total.Value, Nets.Sum(quote));
        Assert.Equal(["a", "b", "c", "d"], quote.Ops.Select(o => o.Op));
        Assert.All(quote.Ops, o => Assert.Equal(TableDevice.Measured, o.BoundBy));
        Assert.Contains(quote.Used, device.Configurations(Net));
        Assert.Equal(quote, device.Price(Schedule.Once(Net), quote.Used));
    }

    [Fact]
    public void SpreadsOfDifferentOperationsAddInQuadratureAndThoseOfOneAddUp() => Assert.Equal(
        Math.Sqrt(0.08 * 0.08 + 0.001 * 0.001 + 0.03 * 0.03 + Math.Pow(0.91 * Composition.Unlearned, 2)), new TableDevice(Table()).Price(Schedule.Once(Net)).Totals[0].Spread!.Value, 1e-12);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void ItStatesImagesPerSecondAsTheBoardsDoWithTheSpreadOfTheTime(int batch)
    {
        Workload net = Net with { Batch = batch, Ops = [Gemm(64, 32, 50)] };
        Schedule twice = new([new SchedulePart(net, 2)]);
        Quote quote = new TableDevice(CostTable.Empty("pi").With([CostEntry.Of(net.Ops[0], net, Read(0.2, 0.02))])).Price(twice);
        Measurement time = quote.Totals[0], rate = Assert.Single(quote.Totals.Skip(1));
        Assert.Equal(("fps", "1/s", Origin.Modelled, "pi", time.Calibration), (rate.Metric, rate.Unit, rate.Origin, rate.Device, rate.Calibration));
        Assert.Equal(1e3 * 2 * batch / 0.4, rate.Value, 1e-9);
        Assert.Equal(time.Spread!.Value / time.Value, rate.Spread!.Value / rate.Value, 1e-12);
        Quote board = new FpgaDevice(BoardCatalog.Zcu102).Price(twice);
        Assert.Equal(board.Value("fps")!.Value * board.Value("latency_ms")!.Value, rate.Value * time.Value, 1e-6);
    }

    [Fact]
    public void APriceIsAsOldAsItsOldestFigureAndAPredictionAsTheNewestOfTheTable()
    {
        DateTimeOffset day = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        CostEntry[] many = [.. Measured(40, 0.02, 1).Select((e, i) => e with { Reading = e.Reading! with { Taken = day.AddHours(i) } })];
        var device = new TableDevice(CostTable.Empty("pi").With([.. many]));
        Measurement Price(params Op[] ops) => device.Price(Schedule.Once(Net with { Ops = [.. ops] })).Totals[0];
        Assert.Equal(("predicted", (DateTimeOffset?)day.AddHours(7)), (Price(many[7].Op, many[30].Op).State, Price(many[7].Op, many[30].Op).Taken));
        Assert.Equal(day.AddHours(39), Price(Gemm(96, 48, 37, id: "new")).Taken);
        Assert.Equal(day.AddHours(7), Price(many[7].Op, Gemm(96, 48, 37, id: "new")).Taken);
        Assert.Equal(("modelled", null), (new FpgaDevice(BoardCatalog.Zcu102).Price(Schedule.Once(Net with { Ops = [Gemm(64, 32, 50)] })).Totals[0].State, new TableDevice(Table()).Price(Schedule.Once(Net)).Totals[0].Taken));
    }

    [Fact]
    public void TimesOfTheScheduleCount()
    {
        Quote quote = new TableDevice(Table()).Price(new Schedule([new SchedulePart(Net, 2.5), new SchedulePart(Net with { Ops = [Norm(50, 64)] }, 10)]));
        Assert.Equal(2.5 * 0.91 + 0.1, quote.Value("latency_ms")!.Value, 1e-12);
        Assert.Equal(5, quote.Ops.Count);
    }

    [Fact]
    public void OperationsThatWereNotMeasuredArePredictedAndSaySo()
    {
        var device = new TableDevice(Table(Measured(40, 0.02, 1)));
        Workload net = Net with { Ops = [Gemm(96, 48, 37, id: "new"), .. Net.Ops] };
        Quote quote = device.Price(Schedule.Once(net));
        Assert.Equal([TableDevice.Predicted, TableDevice.Measured, TableDevice.Measured, TableDevice.Measured, TableDevice.Measured], quote.Ops.Select(o => o.BoundBy));
        Assert.Equal(quote.Value("latency_ms")!.Value, Nets.Sum(quote));
        Prediction p = device.Fit.Predict(Gemm(96, 48, 37))!;
        Assert.Equal(p.Milliseconds, quote.Ops[0].Value, 1e-15);
        Measurement known = device.Price(Schedule.Once(Net)).Totals[0];
        Assert.Equal(Operations(known) + p.Spread * p.Spread, Operations(quote.Totals[0]), 1e-12);

        static double Operations(Measurement m) => Math.Pow(m.Spread!.Value, 2) - Math.Pow(m.Value * Composition.Unlearned, 2);
    }

    [Fact]
    public void AnOperationThatIsNeitherMeasuredNorPredictableIsNamed()
    {
        Workload net = Net with { Ops = [.. Net.Ops, Gemm(8, 8, 8, id: "new"), Gemm(8, 8, 8, id: "again")] };
        var device = new TableDevice(Table());
        Quote quote = device.Price(Schedule.Once(net));
        Assert.Empty(quote.Totals);
        const string why = "1 of 4 operations of the workload are not measured yet on pi (for example 'new': gemm 8x8 rows i8r:8 in i6 out f32 x8)";
        Assert.Equal(new Rejection(TableDevice.Unmeasured, why), Assert.Single(quote.Why));
        Assert.True(device.Covers(net).Complete);
    }

    [Fact]
    public void ARefusedOperationIsNamedWithTheNodesReason()
    {
        var device = new TableDevice(Table(CostEntry.Of(Gru(8, 8, 3), Net, new NodeFailure("uncovered", "no kernel for a GRU"))));
        Workload net = Net with { Ops = [Net.Ops[0], Gru(8, 8, 3) with { Id = "cell" }, Gemm(8, 8, 8)] };
        Assert.Equal(new Coverage(false, "cell", "uncovered: no kernel for a GRU"), device.Covers(net));
        Rejection why = Assert.Single(device.Price(Schedule.Once(net)).Why);
        Assert.Equal((TableDevice.Uncovered, "pi cannot run 'cell': uncovered: no kernel for a GRU"), (why.Constraint, why.Reason));
        Assert.Empty(device.Configurations(net));
        Assert.Equal(Gemm(8, 8, 8), Assert.Single(device.Unknown(net)));
    }

    [Fact]
    public void NothingToRunIsRefused()
    {
        var device = new TableDevice(Table());
        Assert.Equal(TableDevice.Uncovered, device.Price(new Schedule([])).Why[0].Constraint);
        Assert.Equal(TableDevice.Uncovered, device.Price(Schedule.Once(Net with { Ops = [] })).Why[0].Constraint);
        Assert.Equal(TableDevice.Uncovered, device.Price(Schedule.Once(Net with { Batch = 0 })).Why[0].Constraint);
        Assert.Equal(TableDevice.Uncovered, device.Price(Schedule.Once(Net with { Ops = [Gemm(64, 32, 50, repeat: -1)] })).Why[0].Constraint);
        Assert.Throws<SpecException>(() => device.Price(Schedule.Once(Net), new Configuration("2x8x4", "an engine")));
    }

    [Fact]
    public void AnEntryThatSaysNothingIsLikeNone()
    {
        CostEntry empty = CostEntry.Of(Gemm(96, 48, 37), Net, Read(1)) with { Reading = null };
        Workload net = Net with { Ops = [Gemm(96, 48, 37, id: "new")] };
        Assert.Equal("new", Assert.Single(new TableDevice(Table(empty)).Unknown(net)).Id);
        Assert.Equal(TableDevice.Predicted, Assert.Single(new TableDevice(Table([empty, .. Measured(40, 0.02, 1)])).Price(Schedule.Once(net)).Ops).BoundBy);
    }

    [Fact]
    public void ABatchAndAModeAreMeasuredOnTheirOwn()
    {
        Assert.Empty(new TableDevice(Table()).Price(Schedule.Once(Net with { Batch = 2 })).Totals);
        Assert.Empty(new TableDevice(Table()).Price(Schedule.Once(Net with { Mode = Mode.Train })).Totals);
    }

    [Fact]
    public void UnknownOperationsComeOnceThePredictableOnesLastAndByTheirShare()
    {
        var device = new TableDevice(Table(Measured(40, 0.02, 1)));
        Op.Gemm small = Gemm(16, 17, 5, id: "small"), large = Gemm(300, 301, 100, id: "large"), many = Gemm(64, 65, 50, id: "many", repeat: 1000);
        Workload net = Net with { Ops = [small, .. Net.Ops, large, many, Gru(8, 8, 3), small with { Id = "again" }] };
        Assert.Equal(["r", "many", "large", "small"], device.Unknown(net).Select(o => o.Id));
        Assert.Empty(device.Unknown(Net));
    }

    [Fact]
    public void OperationsAddUpToTheTotalWithTheCompositionOfNetworks()
    {
        double[] factors = [1.1, 1.2, 1.3];
        CostTable table = Table().With([], factors.Select((f, i) => NetworkEntry.Of(Net with { Key = $"net {i}" }, Read(0.91 * f))));
        var device = new TableDevice(table);
        Quote quote = device.Price(Schedule.Once(Net));
        Assert.Equal(1.2, device.Composition.Factor, 1e-12);
        Assert.Equal(0.91 * 1.2, quote.Value("latency_ms")!.Value, 1e-12);
        Assert.True(Math.Abs(Nets.Sum(quote) / quote.Value("latency_ms")!.Value - 1) < 1e-12);
        Assert.Equal(Math.Sqrt(1.44 * (0.08 * 0.08 + 0.001 * 0.001 + 0.03 * 0.03) + Math.Pow(0.91 * 0.1, 2)), quote.Totals[0].Spread!.Value, 1e-12);
    }

    [Fact]
    public void ANetworkThatWasMeasuredWholeIsPricedLikeEveryOtherAndItsReadingIsThere()
    {
        Reading reading = Read(5);
        var device = new TableDevice(Table().With([], [NetworkEntry.Of(Net, reading)]));
        Assert.Equal(0.91, device.Price(Schedule.Once(Net)).Value("latency_ms")!.Value, 1e-12);
        Assert.Equal(reading, device.Network(Net));
        Assert.Equal(reading, device.Network(Net with { Ops = [.. Net.Ops.Reverse()] }));
        Assert.Null(device.Network(Net with { Key = "other" }));
        Assert.Null(device.Network(Net with { Ops = [.. Net.Ops.Take(2)] }));
    }

    [Fact]
    public void TheCalibrationOfMostReadingsIsNamedAndOthersCounted()
    {
        Assert.Equal("table 0, no readings", new TableDevice(CostTable.Empty("pi")).Calibration);
        Assert.Equal("table 1, cal a and 1 other", new TableDevice(Table(CostEntry.Of(Gemm(8, 8, 8), Net, Read(1, calibration: "cal 0")))).Calibration);
    }

    [Fact]
    public void ThreadsThatShareADeviceGetTheSamePrices()
    {
        var device = new TableDevice(Table(Measured(40, 0.05, 1)));
        Workload[] nets = [.. Enumerable.Range(0, 200).Select(i => Net with { Ops = [.. Net.Ops, Gemm(16 + i % 50, 33, 20)] })];
        Quote[] alone = [.. nets.Select(n => new TableDevice(device.Table, device.Fit).Price(Schedule.Once(n)))];
        int wrong = 0;
        Parallel.For(0, nets.Length, i => { if (device.Price(Schedule.Once(nets[i])) != alone[i]) Interlocked.Increment(ref wrong); });
        Assert.Equal(0, wrong);
    }
}
