using Hone.Client.Follow;
using Hone.Contracts;
using Hone.Model;
using Microsoft.Extensions.Time.Testing;

namespace Hone.Client.Tests.Follow;

public class RunTrackerTests
{
    [Fact]
    public void TheTimeLeftFollowsTheSpeedOfThePhase()
    {
        var time = new FakeTimeProvider();
        var tracker = new RunTracker(time);
        tracker.See(Samples.Status(StudyPhase.Prepare, 0, new Progress("training", 0, 100)));
        time.Advance(TimeSpan.FromSeconds(1));
        tracker.See(Samples.Status(StudyPhase.Prepare, 0, new Progress("training", 50, 100)));
        time.Advance(TimeSpan.FromSeconds(10));
        RunState state = tracker.See(Samples.Status(StudyPhase.Prepare, 0, new Progress("training", 75, 100))).State;
        Assert.Equal(10, state.Left!.Value.TotalSeconds, 6);
    }

    [Fact]
    public void TheFrontIsOfTheHighestRungAndBeginsAnewWithAHigherOne()
    {
        var tracker = new RunTracker(new FakeTimeProvider());
        int[] Front() => [.. tracker.See(Samples.Status(StudyPhase.Search, 0)).State.Front.Select(t => t.Ordinal)];
        void Add(int ordinal, double accuracy, double latency, int rung) => tracker.Add(new Trial(ordinal, $"x={ordinal}", new Outcome.Evaluated(
            [new("accuracy", accuracy, "%", Origin.Trained), new("latency_ms", latency, "ms", Origin.Modelled)]), rung), [new("accuracy", Direction.Maximize, "%"), new("latency_ms", Direction.Minimize, "ms")]);
        Add(0, 90, 1, 0);
        Add(1, 95, 2, 0);
        Assert.Equal([1, 0], Front());
        Add(2, 80, 3, 1);
        Assert.Equal([2], Front());
        Add(3, 99, 0.5, 0);
        Add(4, 85, 4, 1);
        Assert.Equal([4, 2], Front());
    }

    [Fact]
    public void OnlyGettingFurtherThanEverCountsAsProgress()
    {
        var tracker = new RunTracker(new FakeTimeProvider());
        Assert.True(tracker.See(Samples.Status(StudyPhase.Prepare, 0, new Progress("training", 50, 100))).Further);
        Assert.False(tracker.See(Samples.Status(StudyPhase.Prepare, 0, new Progress("training", 40, 100))).Further);   // a silo died, back to its checkpoint
        Assert.False(tracker.See(Samples.Status(StudyPhase.Prepare, 0, new Progress("training", 50, 100))).Further);
        Assert.True(tracker.See(Samples.Status(StudyPhase.Prepare, 0, new Progress("training", 51, 100))).Further);
    }
}
