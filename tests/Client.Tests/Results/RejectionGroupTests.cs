using System.Globalization;
using Hone.Client.Results;
using Hone.Model;

namespace Hone.Client.Tests.Results;

public sealed class RejectionGroupTests
{
    [Theory]
    [InlineData("latency_ms", "latency_ms 1.05 ms on zcu102-eighth, allowed at most 1: 1 ms needs 2x32x16-w4a6: LUT 111 %; the best that fits, 3x32x8-w4a6, takes 1.052 ms", "LUT")]
    [InlineData("dsp", "DSP 112 % of zcu102: needs 2250, allowed 2016 (engine 3x32x8-w4a6)", "DSP")]
    [InlineData("bram18", "BRAM18 106 % of kv260: needs 305, allowed 288 (engine 3x32x8-w4a6)", "BRAM18")]
    [InlineData("latency_ms", "latency_ms 0.29 ms on zcu102, allowed at most 0.15: no engine of this board meets 150 us: the fastest, 3x64x8-w4a6, takes 292 us and does not fit (LUT 131 %); no engine fits", "no engine of the board is fast enough")]
    [InlineData("accuracy", "not measured: the study rejected it before (latency_ms: 1 ms needs 2x32x16-w4a6: LUT 111 %; no engine fits)", "rejected by the study before it was measured")]
    [InlineData("latency_ms", "latency_ms 0.52 ms on cpu-x86, allowed at most 0.4", "latency_ms n ms on cpu-x86, allowed at most n")]
    [InlineData("latency_ms", "1 ms needs 2x32x16-w4a6, which fits and takes 0.98 ms", "n ms needs an engine, which fits and takes n ms")]
    [InlineData("coverage", "zcu102 cannot run 'b12.conv': 5 strides", "zcu102 cannot run 'b12.conv': n strides")]
    public void WhatStandsInTheWayIsTheCapOrTheReasonWithoutItsNumbers(string constraint, string reason, string way) =>
        Assert.Equal(way, RejectionGroups.InTheWay(new Rejection(constraint, reason)));

    [Fact]
    public void ReasonsThatDifferInNumbersAreOneGroupWithItsFirstAsExample()
    {
        var groups = new RejectionGroups();
        for (int i = 0; i < 1100; i++) groups.Add(i, new Rejection(i % 11 == 9 ? "dsp" : "latency_ms", Samples.Reason(i)));
        Assert.Equal(["LUT 500", "BRAM18 300", "no engine of the board is fast enough 100", "DSP 100", "latency_ms n ms on cpu-x86, allowed at most n 100"],
            groups.Largest.Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.InTheWay} {g.Count}")));
        Assert.Equal((0, Samples.Reason(0)), groups.Largest.Select(g => (g.FirstOrdinal, g.Example)).First());
        Assert.Equal(1100, groups.Count);
    }

    [Fact]
    public void ReasonsOfAnyWordingStayATableAndNoneIsLost()
    {
        var groups = new RejectionGroups();
        for (int i = 0; i < 5000; i++) groups.Add(i, new Rejection("c", $"word{i} " + new string('x', 500)));
        Assert.Equal(RejectionGroups.Most + 1, groups.Largest.Count());
        Assert.Equal(5000, groups.Largest.Sum(g => g.Count));
        Assert.All(groups.Largest, g => Assert.InRange(g.InTheWay.Length, 1, 200));
    }
}
