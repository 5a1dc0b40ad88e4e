using Hone.Contracts;
using Hone.Grains.Leasing;
using Hone.Grains.Telemetry;
using Hone.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Cluster.Tests.Telemetry;

public class MeterTests
{
    private static readonly ValueList<Objective> Two = [new("f1", Direction.Minimize, "1"), new("f2", Direction.Maximize, "1")];

    private static Trial Trial(int ordinal, double f1, double f2) => new(ordinal, $"x={ordinal}", new Outcome.Evaluated([new("f1", f1, "1", Origin.Simulated), new("f2", f2, "1", Origin.Simulated)]));

    [Fact]
    public void AValueOutsideALabelsSetIsOther()
    {
        Assert.Equal("synthetic", Label.Method.Of("synthetic").Value);
        Assert.Equal("other", Label.Method.Of("my-study").Value);
        Assert.Equal("rejected", Label.Outcome.Of(new Outcome.Rejected(new Rejection("dsp", "too many"))).Value);
        Assert.Equal(["0", "63", "other", "other"], new[] { 0, 63, 64, -1 }.Select(i => Label.Slot.Of(i).Value));
    }

    [Fact]
    public void ASeatIsTheLowestFreeOneAndThereAreNoMore()
    {
        var seats = new Seats(2);
        Assert.Equal([0, 1, null], new[] { seats.Take(), seats.Take(), seats.Take() });
        seats.Leave(0);
        Assert.Equal(0, seats.Take());
    }

    [Fact]
    public void TheVolumeBeginsAtOneGrowsWithTheFrontAndNeverFalls()
    {
        var volume = new FrontVolume(Two, 2);
        volume.Add([Trial(0, 0, 0)]);
        Assert.Null(volume.Value);
        volume.Add([Trial(1, 2, 3)]);   // losses (0, 0) and (2, -3): the reference is (2, 0), and neither lies inside
        Assert.Null(volume.Value);
        volume.Add([Trial(2, 1, 1)]);   // 1 x 1 below the reference
        Assert.Equal(1, volume.Value);
        volume.Add([Trial(3, 3, 1), new Trial(4, "x=4", new Outcome.Duplicate(3))]);
        Assert.Equal(1, volume.Value);
        volume.Add([Trial(5, 0, 2)]);   // 2 x 2
        Assert.Equal(4, volume.Value);
    }

    [Fact]
    public void OfASearchWithRungsTheVolumeIsThatOfTheHighestAlone()
    {
        var volume = new FrontVolume(Two, 2, 1);
        volume.Add([Trial(0, 0, 9) with { Fidelity = 0 }, Trial(1, 1, 1) with { Fidelity = 1 }, Trial(2, 2, 0) with { Fidelity = 1 }, Trial(3, 0, 9) with { Fidelity = 0 }]);
        Assert.Equal(1, volume.Value);
        volume.Add([Trial(4, 0, 2) with { Fidelity = 1 }]);
        Assert.Equal(4, volume.Value);
    }

    [Fact]
    public void OfMoreThanFourObjectivesThereIsNoVolume()
    {
        var volume = new FrontVolume([.. Enumerable.Range(1, 5).Select(i => new Objective($"f{i}", Direction.Minimize, "1"))], 1);
        volume.Add([new Trial(0, "x", new Outcome.Evaluated([.. Enumerable.Range(1, 5).Select(i => new Measurement($"f{i}", 1, "1", Origin.Simulated))]))]);
        Assert.Null(volume.Value);
    }

    [Fact]
    public void ASlotsTimeCountsWhileItWorksAndNotBetween()
    {
        var time = new FakeTimeProvider();
        using var clock = new SlotClock(7, time);
        clock.Begin();
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3600, clock.Seconds);   // the job is not over
        Assert.Equal(3600, clock.End());
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3600, clock.Seconds);
        Assert.Equal(0, clock.End());
    }

    [Fact]
    public void ALostLeaseIsCountedWithItsReasonAndItsJobsNextLeaseTellsHowLongThatTook()
    {
        var time = new FakeTimeProvider();
        var telemetry = new QueueTelemetry(time, NullLogger.Instance);
        var queue = new LeaseQueue<Job>(j => j.Id, _ => TimeSpan.FromHours(1), _ => new Claim("all"), _ => 0, LeasePolicy.Default, time, 1);
        queue.Lost += telemetry.Lost;
        using var heard = new Heard("hone.leases.lost", "hone.recovery.duration", "hone.queue.age");
        var job = new Job("zdt/member/1", JobKind.Member, "zdt", "{}");
        queue.Enqueue(job);
        telemetry.Enqueued(job);
        time.Advance(TimeSpan.FromSeconds(11.5));
        telemetry.Tell(queue.Items, queue.LeasedItems);
        telemetry.Leased(queue.TryLease("a", _ => true)!.Item, "a");
        time.Advance(TimeSpan.FromSeconds(5));
        queue.Sweep();
        time.Advance(TimeSpan.FromSeconds(7.25));
        telemetry.Leased(queue.TryLease("b", _ => true)!.Item, "b");
        Assert.Contains(("hone.queue.age", 11.5, ""), heard.Values);
        Assert.Contains(("hone.leases.lost", 1, "member silent"), heard.Values);
        Assert.Contains(("hone.recovery.duration", 7.25, "member"), heard.Values);
    }

    [Theory]
    [InlineData(null, 1, "0 1 2 3")]
    [InlineData("", 64, "0 256 512")]
    [InlineData("3", 64, "0 3 6 9")]
    [InlineData("0", 1, "")]
    public void TrialsAreTracedByOrdinal(string? variable, int batch, string first)
    {
        TrialSampling sampling = TrialSampling.Parse(variable);
        int[] expected = [.. first.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        Assert.Equal(expected, Enumerable.Range(0, 600).Where(i => sampling.Takes(i, batch)).Take(Math.Max(expected.Length, 1)));
    }

    [Theory]
    [InlineData("all")]
    [InlineData("-1")]
    [InlineData("1/256")]
    public void ASamplingThatIsNoNumberIsRefused(string variable) => Assert.Contains("HONE_TRACE_TRIALS", Assert.Throws<SpecException>(() => TrialSampling.Parse(variable)).Message);
}
