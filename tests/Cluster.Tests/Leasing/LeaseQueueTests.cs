using Hone.Grains.Leasing;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Cluster.Tests.Leasing;

public class LeaseQueueTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LeaseQueue<string> _queue;

    public LeaseQueueTests() => _queue = Queue(epoch: 1);

    private LeaseQueue<string> Queue(int epoch) => new(item => item, _ => TimeSpan.FromSeconds(60), _ => new Claim("all"), _ => 0, LeasePolicy.Default, _clock, epoch);

    private Lease<string> Lease(string holder = "a") => _queue.TryLease(holder, _ => true)!;

    [Fact]
    public void ItemsAreLeasedInTheOrderTheyCameAndOnceOnly()
    {
        _queue.Enqueue("x");
        _queue.Enqueue("y");
        Assert.False(_queue.Enqueue("x"));
        Assert.Equal(["x", "y"], new[] { Lease().Item, Lease().Item });
        Assert.Null(_queue.TryLease("a", _ => true));
    }

    [Fact]
    public void AHolderThatMissesThreeBeatsLosesTheLeaseAndTheNextOneGetsAHigherToken()
    {
        _queue.Enqueue("x");
        Lease<string> first = Lease();
        _clock.Advance(TimeSpan.FromSeconds(4.5));
        Assert.Empty(_queue.Sweep());
        Lease<string> second = Lease("b");
        Assert.True(second.Token > first.Token);
        Assert.False(_queue.Heartbeat("x", first.Token, "a", 1));
        Assert.True(_queue.Heartbeat("x", second.Token, "b", 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void AClockThatIsSetAnHourNeitherLosesALeaseNorKeepsADeadHolders(int hours)
    {
        var clock = new WallClock(_clock);
        var queue = new LeaseQueue<string>(item => item, _ => TimeSpan.FromSeconds(60), _ => new Claim("all"), _ => 0, LeasePolicy.Default, clock, epoch: 1);
        queue.Enqueue("x");
        Lease<string> lease = queue.TryLease("a", _ => true)!;
        clock.Set = TimeSpan.FromHours(hours);
        queue.Sweep();
        Assert.True(queue.Heartbeat("x", lease.Token, "a", 1));
        _clock.Advance(TimeSpan.FromSeconds(4.5));
        queue.Sweep();
        Assert.Equal((1, 0), (queue.Waiting, queue.Leased));
    }

    /// <summary>Its time of day is set; time passes as before.</summary>
    private sealed class WallClock(TimeProvider passing) : TimeProvider
    {
        public TimeSpan Set { get; set; }

        public override long TimestampFrequency => passing.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => passing.GetUtcNow() + Set;

        public override long GetTimestamp() => passing.GetTimestamp();
    }

    [Fact]
    public void BeatsKeepALeaseAliveAsLongAsTheStepGrows()
    {
        _queue.Enqueue("x");
        Lease<string> lease = Lease();
        for (int step = 0; step < 100; step++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(_queue.Heartbeat("x", lease.Token, "a", step));
            Assert.Empty(_queue.Sweep());
        }
        Assert.Equal(1, _queue.Leased);
    }

    [Fact]
    public void AStepCounterThatStandsStillLosesTheLeaseEvenIfBeatsCome()
    {
        _queue.Enqueue("x");
        Lease<string> lease = Lease();
        for (int second = 0; second < 62; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _queue.Heartbeat("x", lease.Token, "a", 7);
            _queue.Sweep();
        }
        Assert.Equal(1, _queue.Waiting);
    }

    [Fact]
    public void ALateAnswerOfAFencedAttemptCountsWhileTheItemIsOpenAndOnlyOnce()
    {
        _queue.Enqueue("x");
        Lease();
        _clock.Advance(TimeSpan.FromSeconds(5));
        _queue.Sweep();
        Lease("b");
        Assert.True(_queue.Complete("x"));    // a's late answer is data
        Assert.False(_queue.Complete("x"));   // b's is dropped
        Assert.Equal(0, _queue.Leased);
    }

    [Fact]
    public void FiveLostLeasesGiveTheItemBackWithTheReasons()
    {
        _queue.Enqueue("x");
        for (int attempt = 1; attempt < 5; attempt++)
        {
            Lease<string> lease = Lease();
            Assert.Null(_queue.Release("x", lease.Token, $"reason {attempt}", drain: false));
        }
        LostItem<string> lost = _queue.Release("x", Lease().Token, "reason 5", drain: false)!;
        Assert.Equal(["reason 1", "reason 2", "reason 3", "reason 4", "reason 5"], lost.Reasons);
        Assert.Equal(0, _queue.Waiting);
    }

    [Fact]
    public void ADrainCostsNothing()
    {
        _queue.Enqueue("x");
        for (int i = 0; i < 20; i++) Assert.Null(_queue.Release("x", Lease().Token, "drain", drain: true));
        Assert.Equal(1, _queue.Waiting);
    }

    [Fact]
    public void AYoungTableTakesOverTheWorkOfLivingHoldersButNotAfterItsYouth()
    {
        _queue.Enqueue("x");
        long token = Lease().Token;
        LeaseQueue<string> young = Queue(epoch: 2);
        Assert.True(young.Heartbeat("x", token, "a", 5));
        Assert.Equal(1, young.Leased);
        Assert.False(young.Enqueue("x"));
        LeaseQueue<string> old = Queue(epoch: 3);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(old.Heartbeat("x", token, "a", 5));
    }

    [Fact]
    public void ACancelledItemIsGoneForItsHolder()
    {
        _queue.Enqueue("x");
        Lease<string> lease = Lease();
        _queue.Cancel(item => item == "x");
        Assert.False(_queue.Heartbeat("x", lease.Token, "a", 1));
    }

    [Fact]
    public void WhatGoesFurtherIsLeasedNextAsItIsThen()
    {
        var queue = new LeaseQueue<(string Id, int Step)>(item => item.Id, _ => TimeSpan.FromSeconds(60), _ => new Claim("all"), _ => 0, LeasePolicy.Default, _clock, epoch: 1);
        queue.Enqueue(("x", 0));
        Lease<(string Id, int Step)> first = queue.TryLease("a", _ => true)!;
        queue.Renew(("x", 7));
        Assert.True(queue.Heartbeat(first.Item, first.Token, "a", 1));
        queue.Release(first.Item, first.Token, "drain", drain: true);
        Assert.Equal(("x", 7), Assert.Single(queue.Items));
        Assert.Equal(("x", 7), queue.TryLease("b", _ => true)!.Item);
    }

    [Fact]
    public void OnlyTheLatestAttemptHoldsAnItem()
    {
        _queue.Enqueue("x");
        Lease<string> first = Lease();
        Assert.True(_queue.Holds("x", first.Token));
        _queue.Release("x", first.Token, "reason", drain: false);
        Assert.False(_queue.Holds("x", first.Token));
        Lease<string> second = Lease("b");
        Assert.Equal((false, true, false), (_queue.Holds("x", first.Token), _queue.Holds("x", second.Token), _queue.Holds("y", second.Token)));
    }
}
