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

    [Fact]
    public void WhatTheDeviceCannotRunIsNotALatencyMatter()
        => Assert.Null(LatencyLimit.WhyNot(Eighth, new Schedule([]), 1));
}
