using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class FpgaEngineModeTests
{
    private static readonly FpgaDevice Free = new(BoardCatalog.Zcu102Eighth);
    private static readonly Workload[] Members = [Nets.Extreme("fm", false), Nets.Extreme("fm", true), Nets.Extreme("cifar", false), Nets.Extreme("cifar", true)];

    [Fact]
    public void TheOneEngineHasTheLeastTotalLatencyOfAllThatFit()
    {
        Engine one = EngineChoice.ForAll(Free, Members);
        double Total(Engine e) => Members.Sum(w => Free.LatencyMs(w, e));
        bool[] fits = Free.Fits(65);
        for (int e = 0; e < fits.Length; e++)
            if (fits[e]) Assert.True(Total(one) <= Total(Free.Engines[e]), $"{Free.Engines[e]} beats {one}");
        Assert.True(fits[Free.IndexOf(one.Name)]);
        Assert.Equal(one, EngineChoice.ForAll(new FpgaDevice(BoardCatalog.Zcu102Eighth), Members.Reverse()));
    }

    [Fact]
    public void WithOneEngineEveryNetIsPricedOnItAndEveryMeasurementSaysSo()
    {
        var device = new FpgaDevice(BoardCatalog.Zcu102Eighth, new FixedEngine("2x16x8-w4a6", "one for all"));
        foreach (Workload net in Members)
        {
            Quote quote = device.Price(Schedule.Once(net));
            Assert.Equal(Free.LatencyMs(net, Free.IndexOf("2x16x8-w4a6")), quote.Value("latency_ms"));
            Assert.Equal(("2x16x8-w4a6", quote.Value("latency_ms")), (device.Best(net)!.Value.Engine.Name, device.Best(net)!.Value.LatencyMs));
            Assert.Contains("one for all", quote.Used!.Description);
            Assert.All(quote.Totals, m => Assert.Equal("zcu102-eighth/2x16x8-w4a6", m.Device));
            Assert.Equal("2x16x8-w4a6", Assert.Single(device.Configurations(net)).Name);
            Assert.Equal(Free.Calibration, quote.Calibration);
        }
    }

    [Fact]
    public void AnEngineThatCannotFitIsRefusedWithItsCapAndAnUnknownOneWithTheNearest()
    {
        Assert.Contains("BRAM18 128 %", Assert.Throws<SpecException>(() => new FpgaDevice(BoardCatalog.Zcu102Eighth, new FixedEngine("4x32x4-w4a6", ""))).Message);
        Assert.Contains("did you mean '3x32x8-w4a6'", Assert.Throws<SpecException>(() => new FpgaDevice(BoardCatalog.Zcu102Eighth, new FixedEngine("3x32x8-w4a", ""))).Message);
    }

    [Fact]
    public void AnEngineThatFitsShortInputsOnlyTurnsLongOnesDownWithTheCap()
    {
        var device = new FpgaDevice(BoardCatalog.Zcu102Eighth, new FixedEngine("3x32x8-w4a6", "one for all"));
        Workload longer = VitSample.Deit(64, 4, 0, 16, 600).ToWorkload("600 tokens");
        Quote quote = device.Price(Schedule.Once(longer));
        Assert.Empty(quote.Totals);
        Assert.Null(device.Best(longer));
        Assert.Equal("bram18", Assert.Single(quote.Why).Constraint);
    }

    [Fact]
    public void NoEngineForAllIsAnErrorThatSaysForHowMany()
    {
        var tiny = new FpgaDevice(BoardCatalog.Zcu102Eighth with { Bram18 = 10 });
        Assert.Contains("none fits all of the 4 workloads", Assert.Throws<HoneException>(() => EngineChoice.ForAll(tiny, Members)).Message);
        Assert.Contains("got none", Assert.Throws<HoneException>(() => EngineChoice.ForAll(Free, [])).Message);
    }
}
