using Hone.Devices.Tables;
using Hone.Model;
using static Hone.Core.Tests.Devices.Tables.Samples;

namespace Hone.Core.Tests.Devices.Tables;

public class QuarantineTests
{
    private const string Why = "9 times above";

    [Fact]
    public void AReadingWithoutSuspicionCountsAtOnce() => Assert.Equal(new QuarantineAnswer(Read(1), null), new Quarantine().Take("op", Read(1), null));

    [Fact]
    public void ASuspiciousReadingIsHeldUntilASecondAgreesWithinTwentyPercent()
    {
        var quarantine = new Quarantine();
        Assert.StartsWith(Why, quarantine.Take("op", Read(10), Why).Held);
        Assert.NotNull(quarantine.Take("op", Read(12.1), Why).Held);
        Assert.NotNull(quarantine.Take("other", Read(10), Why).Held);
        Assert.Equal(new QuarantineAnswer(Read(8.5), null), quarantine.Take("op", Read(8.5), Why));
        Assert.Equal("other", Assert.Single(quarantine.Pending).Key);
        Assert.NotNull(quarantine.Take("op", Read(10), Why).Held);   // a new case
    }

    [Fact]
    public void OneBadReadingBetweenTwoGoodOnesDoesNotMatter()
    {
        var quarantine = new Quarantine();
        Assert.NotNull(quarantine.Take("op", Read(10), Why).Held);
        Assert.NotNull(quarantine.Take("op", Read(1000), Why).Held);
        Assert.NotNull(quarantine.Take("op", Read(10.5), Why).Accepted);
    }

    [Fact]
    public void AReadingOfAnotherCalibrationIsNoSecondOpinion()
    {
        var quarantine = new Quarantine();
        quarantine.Take("op", Read(10), Why);
        Assert.NotNull(quarantine.Take("op", Read(10, calibration: "cal b"), Why).Held);
    }

    [Fact]
    public void AReadingWithoutSuspicionEndsTheCase()
    {
        var quarantine = new Quarantine();
        quarantine.Take("op", Read(10), Why);
        Assert.NotNull(quarantine.Take("op", Read(1), null).Accepted);
        Assert.Empty(quarantine.Pending);
    }

    [Fact]
    public void WhatWasHeldIsTakenOver()
    {
        var first = new Quarantine();
        first.Take("op", Read(10), Why);
        Assert.NotNull(new Quarantine(first.Pending).Take("op", Read(10), Why).Accepted);
    }

    [Fact]
    public void ItNeverHoldsMoreThanItsBounds()
    {
        var quarantine = new Quarantine();
        for (int i = 0; i < 50; i++) quarantine.Take("op", Read(Math.Pow(2, i)), Why);
        Assert.Equal(4, quarantine.Pending.Count);
        for (int i = 0; i < 5000; i++) quarantine.Take($"op {i}", Read(1), Why);
        Assert.Equal(4096, quarantine.Pending.Count);
    }
}
