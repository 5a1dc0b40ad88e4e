using Hone.Client.Chaos;
using Hone.Model;

namespace Hone.Client.Tests.Chaos;

public class ChaosPlanTests
{
    private static readonly ChaosPlan Plan = new([Victim.Silo, Victim.Worker, Victim.Client], TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(5), 1);

    [Fact]
    public void FiveMinutesHaveTenDeathsAndEachKindItsTurn()
    {
        Death[] deaths = [.. Plan.Deaths(2)];
        Assert.InRange(deaths.Length, 10, 16);
        Assert.All(deaths.Chunk(3).Where(round => round.Length == 3), round => Assert.Equal(3, round.Select(d => d.Victim).Distinct().Count()));
        Assert.Equal(deaths.OrderBy(d => d.At), deaths);
        Assert.All(deaths, d => Assert.InRange(d.At.TotalSeconds, 15, 300));
        Assert.Equal([0, 1], deaths.Select(d => d.Which).Distinct().Order());
    }

    [Fact]
    public void OneSeedIsOnePlanAndAnotherAnother()
    {
        Assert.Equal(Plan.Deaths(2), (Plan with { }).Deaths(2));
        Assert.NotEqual(Plan.Deaths(2), (Plan with { Seed = 2 }).Deaths(2));
    }

    [Theory]
    [InlineData("20s", 20)]
    [InlineData("0.5m", 30)]
    public void TimesAreSecondsOrMinutes(string text, double seconds) => Assert.Equal(seconds, ChaosPlan.Time("--for", text).TotalSeconds);

    [Theory]
    [InlineData("20")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("nans")]
    [InlineData("1h")]
    public void WhatIsNoTimeIsRefused(string text) => Assert.Contains($"got '{text}'", Assert.Throws<SpecException>(() => ChaosPlan.Time("--for", text)).Message);

    [Fact]
    public void WhomToKillIsAListOfThreeWords()
    {
        Assert.Equal([Victim.Worker, Victim.Silo], ChaosPlan.Parse("worker,silo,worker"));
        foreach (string wrong in new[] { "store", "1", ",", "" }) Assert.Contains("expected silo, worker or client", Assert.Throws<SpecException>(() => ChaosPlan.Parse(wrong)).Message);
    }
}
