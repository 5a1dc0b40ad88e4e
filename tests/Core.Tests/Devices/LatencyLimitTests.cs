using System.Text.RegularExpressions;
using Hone.Devices.Fpga;
using Hone.Model;

namespace Hone.Core.Tests.Devices;

public class LatencyLimitTests
{
    private static readonly FpgaDevice Eighth = new(BoardCatalog.Zcu102Eighth);
    private static readonly Schedule Large = Schedule.Once(Nets.Extreme("cifar", true));

    [Fact]
    public void ALimitThatIsMetHasNothingToExplain()
    {
        double best = Eighth.Best(Large.Parts[0].Workload)!.Value.LatencyMs;
        Assert.Null(LatencyLimit.WhyNot(Eighth, Large, best));
        Assert.NotNull(LatencyLimit.WhyNot(Eighth, Large, Math.BitDecrement(best)));
    }

    [Fact]
    public void TheNamedEngineMeetsTheLimitDoesNotFitAndNoneThatMeetsItIsNearerToFitting()
    {
        Workload net = Large.Parts[0].Workload;
        double limit = Eighth.Best(net)!.Value.LatencyMs * 0.9;
        string why = LatencyLimit.WhyNot(Eighth, Large, limit)!;
        Match text = Regex.Match(why, @"^[\d.]+ us needs (\S+): (DSP|LUT|FF|BRAM18) (\d+) %; the best that fits, 3x32x8-w4a6, takes 1\.052 ms$");
        Assert.True(text.Success, why);
        Excess Over(Engine e) => Resources.Of(e, Eighth.Board, 65).Over(Eighth.Board)!;
        Engine named = Eighth.Engines[Eighth.IndexOf(text.Groups[1].Value)];
        Assert.True(Eighth.LatencyMs(net, named) <= limit);
        Assert.Equal($"{text.Groups[2].Value} {text.Groups[3].Value} %", Over(named).Text);
        foreach (Engine e in Eighth.Engines)
            if (Eighth.LatencyMs(net, e) <= limit) Assert.True(Over(e).Share >= Over(named).Share);
    }

    [Fact]
    public void OneMillisecondForTheLargestCifarNetReads()
        // 2 x 32 x 16 products in 256 slices: 3,750 + 90 x 256 = 26,790 LUT of 23,982 allowed.
        => Assert.Equal("1 ms needs 2x32x16-w4a6: LUT 111 %; the best that fits, 3x32x8-w4a6, takes 1.052 ms", LatencyLimit.WhyNot(Eighth, Large, 1));

    [Fact]
    public void ALimitThatNoEngineMeetsIsSaidToBeOutOfReachOfTheBoard()
    {
        string why = LatencyLimit.WhyNot(Eighth, Large, 0.001)!;
        Assert.Matches(@"^no engine of this board meets 1 us: the fastest, \S+, takes [\d.]+ us and does not fit \((DSP|LUT|FF|BRAM18) \d+ %\); the best that fits, 3x32x8-w4a6, takes 1\.052 ms$", why);
        double fastest = Eighth.Engines.ToArray().Min(e => Eighth.LatencyMs(Large.Parts[0].Workload, e));
        Assert.Contains($"takes {fastest * 1e3:0.0} us", why);
    }

    [Fact]
    public void WhereTheFastestEngineFitsNoOtherIsNamed()
    {
        var roomy = new FpgaDevice(BoardCatalog.Zcu102Eighth with { Lut = 1_000_000, FlipFlops = 1_000_000, Bram18 = 10_000, Dsp = 10_000 });
        Assert.Matches(@"^no engine of this board meets 1 us: the fastest, \S+, takes [\d.]+ us$", LatencyLimit.WhyNot(roomy, Large, 0.001)!);
    }

    [Fact]
    public void WithOneEngineForAllAnotherThatFitsAndWouldMeetTheLimitIsNamed()
    {
        var one = new FpgaDevice(BoardCatalog.Zcu102Eighth, new FixedEngine("1x8x4-w4a6", "one for all"));
        Assert.Matches(@"^1\.2 ms needs \S+, which fits and takes [\d.]+ ms; the one engine of this device, 1x8x4-w4a6, takes [\d.]+ ms$", LatencyLimit.WhyNot(one, Large, 1.2)!);
    }

    private static readonly FpgaDevice Bound = new(BoardCatalog.Zcu102Eighth with { Ddr = BoardCatalog.Zcu102Eighth.Ddr with { Binds = true } });

    [Fact]
    public void ALimitBelowTheTrafficOfEveryEngineNamesTheMemoryAndNoCapOfLogic()
    {
        string why = LatencyLimit.WhyNot(Bound, Large, 0.5)!;
        Match text = Regex.Match(why, @"^500 us is beyond every engine, memory: ([\d.]+) us of traffic at 1\.92 GB/s on (\S+), which moves least; the best that fits, \S+, takes [\d.]+ ms$");
        Assert.True(text.Success, why);
        double[] traffic = [.. Bound.Engines.ToArray().Select(e => EngineTraffic.Of(Bound, Large, e).TrafficMs)];
        Assert.Equal($"{traffic.Min() * 1e3:0.0}", text.Groups[1].Value);
        Assert.Equal(traffic.Min(), traffic[Bound.IndexOf(text.Groups[2].Value)]);
        Assert.True(traffic.Min() > 0.5);
    }

    [Fact]
    public void ALimitThatAnEngineThatFitsWouldMeetButForTheMemoryNamesTheMemory()
    {
        double free = Eighth.Best(Large.Parts[0].Workload)!.Value.LatencyMs, tied = Bound.Best(Large.Parts[0].Workload)!.Value.LatencyMs;
        Assert.True(free < tied);
        string why = LatencyLimit.WhyNot(Bound, Large, (free + tied) / 2)!;
        Assert.Matches(@"^[\d.]+ ms fails on memory: [\d.]+ (us|ms) of traffic at 1\.92 GB/s; \S+, which fits, computes in [\d.]+ ms, but waits for it in some products; the best that fits, ", why);
        Assert.DoesNotContain(" %", why);
    }

    [Fact]
    public void ALimitThatNoEngineThatFitsComputesInTimeStillNamesTheCapWhenTheMemoryBinds()
    {
        // Compute is what is short: on a memory eight times as wide the bound is on and does not bind.
        var wide = new FpgaDevice(BoardCatalog.Zcu102Eighth with { Ddr = new Ddr(19.2e9, 0.8, Binds: true) });
        Assert.Equal("1 ms needs 2x32x16-w4a6: LUT 111 %; the best that fits, 3x32x8-w4a6, takes 1.052 ms", LatencyLimit.WhyNot(wide, Large, 1));
    }

    [Fact]
    public void ComputeAndTrafficOfAnEngineAreThoseOfTheQuotesWithoutAndWithTheBound()
    {
        foreach (Engine e in Eighth.Engines)
        {
            if (Resources.Of(e, Eighth.Board, 65).Over(Eighth.Board) is not null) continue;
            (double compute, double traffic) = EngineTraffic.Of(Bound, Large, e);
            Quote free = Eighth.Price(Large, new Configuration(e.Name, ""));
            Assert.Equal(free.Value("latency_ms")!.Value, compute, 1e-9);
            Assert.Equal(free.Value("memory_ms")!.Value, traffic, 1e-9);
        }
    }

    [Fact]
    public void ALimitOnImagesPerSecondIsExplainedAsItsMilliseconds()
    {
        Assert.Equal("1000 FPS (1 ms) needs 2x32x16-w4a6: LUT 111 %; the best that fits, 3x32x8-w4a6, takes 1.052 ms", LatencyLimit.WhyNotFps(Eighth, Large, 1_000));
        Assert.Null(LatencyLimit.WhyNotFps(Eighth, Large, 900));
        Workload four = Large.Parts[0].Workload with { Batch = 4 };
        Assert.Contains("1000 FPS (4 ms) needs", LatencyLimit.WhyNotFps(Eighth, Schedule.Once(four), 1_000));
        Assert.Null(LatencyLimit.WhyNotFps(Eighth, Large, 0));
    }

    [Fact]
    public void TheExampleOfTheMethodIsOneOfAFullBoard()
    {
        var zcu102 = new FpgaDevice(BoardCatalog.Zcu102);
        Schedule tiny = Schedule.Once(VitSample.Deit(192, 3, 0.5, 96, [.. Enumerable.Repeat(197, 12)]).ToWorkload("deit-t"));
        Assert.Matches(@"^[\d.]+ (us|ms) needs \S+: (LUT|FF|DSP|BRAM18) \d+ %; the best that fits, \S+, takes [\d.]+ (us|ms)$",
            LatencyLimit.WhyNot(zcu102, tiny, 0.9 * zcu102.Best(tiny.Parts[0].Workload)!.Value.LatencyMs)!);
    }

    [Fact]
    public void WhatTheDeviceCannotRunIsNotALatencyMatter()
        => Assert.Null(LatencyLimit.WhyNot(Eighth, new Schedule([]), 1));
}
