using Hone.Grains.Leasing;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Cluster.Tests.Leasing;

/// <summary>Items are "owner:number"; the owners' claims are the test's.</summary>
public class FairShareTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Dictionary<string, Claim> _claims = new() { ["a"] = new("a"), ["b"] = new("b"), ["c"] = new("c") };
    private readonly Dictionary<string, int> _limits = [];
    private readonly LeaseQueue<string> _queue;
    private int _number;

    public FairShareTests() => _queue = new LeaseQueue<string>(
        item => item, _ => TimeSpan.FromHours(9), item => _claims[Owner(item)], tenant => _limits.GetValueOrDefault(tenant), LeasePolicy.Default with { HeartbeatEvery = TimeSpan.FromHours(1) }, _clock, 1);

    private static string Owner(string item) => item.Split(':')[0];

    private void Enqueue(string owner, int items)
    {
        for (int i = 0; i < items; i++) _queue.Enqueue($"{owner}:{_number++}");
    }

    /// <summary>Works off jobs that take as long as their owner's do, on so many slots; how much slot time each owner had.</summary>
    private Dictionary<string, double> Work(int slots, double hours, Func<string, double> minutes)
    {
        var held = new List<(Lease<string> Lease, double Until)>();
        Dictionary<string, double> had = [];
        for (double now = 0; now < hours * 60; now++, _clock.Advance(TimeSpan.FromMinutes(1)))
        {
            foreach (var done in held.Where(h => h.Until <= now).ToList())
            {
                _queue.Complete(done.Lease.Item);
                held.Remove(done);
            }
            while (held.Count < slots && _queue.TryLease("slot", _ => true) is { } lease)
            {
                held.Add((lease, now + minutes(Owner(lease.Item))));
                had[Owner(lease.Item)] = had.GetValueOrDefault(Owner(lease.Item)) + minutes(Owner(lease.Item));
            }
        }
        foreach (var rest in held) _queue.Complete(rest.Lease.Item);
        return had;
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 3, 1, 7)]
    [InlineData(3, 5, 2, 20)]
    public void OwnersShareSlotTimeByWeightWhateverTheirJobsLast(int slots, int weight, double minutesOfA, double minutesOfB)
    {
        _claims["a"] = new Claim("a", Weight: weight);
        Enqueue("a", 3_000);
        Enqueue("b", 3_000);
        Dictionary<string, double> had = Work(slots, 20, owner => owner == "a" ? minutesOfA : minutesOfB);
        Assert.InRange(had["a"] / had["b"], weight * 0.85, weight * 1.15);
    }

    [Fact]
    public void OneThatComesLateMakesUpForNothingAndIsNotKeptWaiting()
    {
        Enqueue("a", 3_000);
        Work(1, 10, _ => 2);
        Enqueue("b", 3_000);
        Dictionary<string, double> had = Work(1, 10, _ => 2);
        Assert.InRange(had["a"] / had["b"], 0.9, 1.1);
    }

    [Fact]
    public void OneAloneGetsEverything()
    {
        _claims["a"] = new Claim("a", Weight: 1);
        Enqueue("a", 2);
        Assert.Equal("a:0", _queue.TryLease("x", _ => true)!.Item);
        Assert.Equal("a:1", _queue.TryLease("y", _ => true)!.Item);
    }

    [Fact]
    public void AHigherPriorityGoesFirstAndALimitHoldsWhateverThePriority()
    {
        _claims["b"] = new Claim("b", Priority: 1, Most: 2);
        Enqueue("a", 3);
        Enqueue("b", 3);
        Assert.Equal(["b", "b", "a", "a", "a"], Enumerable.Range(0, 5).Select(_ => Owner(_queue.TryLease("slot", _ => true)!.Item)));
        Assert.Null(_queue.TryLease("slot", _ => true));
        _queue.Complete("b:3");
        Assert.Equal("b:5", _queue.TryLease("slot", _ => true)!.Item);
    }

    [Fact]
    public void ATenantsOwnersShareItsLimit()
    {
        _limits["them"] = 2;
        (_claims["a"], _claims["b"]) = (new Claim("a", "them"), new Claim("b", "them"));
        foreach (string owner in new[] { "a", "b", "c" }) Enqueue(owner, 3);
        List<string> leased = [.. Enumerable.Range(0, 5).Select(_ => Owner(_queue.TryLease("slot", _ => true)!.Item)).Order()];
        Assert.Equal(["a", "b", "c", "c", "c"], leased);
        Assert.Null(_queue.TryLease("slot", _ => true));
    }

    [Fact]
    public void WhatStandsAboveTakesTheLowestLeaseThatMayStopAndTheItemWaitsWithItsProgress()
    {
        (_claims["b"], _claims["c"]) = (new Claim("b", Priority: 1), new Claim("c", Priority: 2));
        Enqueue("b", 1);
        Enqueue("a", 1);
        Lease<string> b = _queue.TryLease("slot 1", _ => true)!, a = _queue.TryLease("slot 2", _ => true)!;
        Enqueue("c", 1);
        Assert.Null(_queue.Preempt(_ => false, (_, _) => true));
        Assert.Null(_queue.Preempt(_ => true, (_, _) => false));
        Assert.Equal(("a:1", "slot 2"), (_queue.Preempt(_ => true, (_, _) => true) is { } taken ? (taken.Item, taken.Holder) : default));
        Assert.False(_queue.Heartbeat(a.Item, a.Token, "slot 2", 5));
        Assert.True(_queue.Heartbeat(b.Item, b.Token, "slot 1", 5));
        Assert.Equal(["c:2", "a:1"], new[] { _queue.TryLease("slot 2", _ => true)!.Item, _queue.TryLease("slot 3", _ => true)!.Item });
    }

    [Fact]
    public void NothingIsTakenFromEqualsOrForOneAtItsLimit()
    {
        Enqueue("a", 1);
        _queue.TryLease("slot", _ => true);
        Enqueue("b", 1);
        Assert.Null(_queue.Preempt(_ => true, (_, _) => true));
        _limits["them"] = 1;
        _claims["c"] = new Claim("c", "them", Priority: 5);
        Enqueue("c", 2);
        Assert.Equal("c:2", _queue.TryLease("other", _ => true)!.Item);
        Assert.Null(_queue.Preempt(_ => true, (_, _) => true));
    }
}
