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
    public void OnlyGettingFurtherThanEverCountsAsProgress()
    {
        var tracker = new RunTracker(new FakeTimeProvider());
        Assert.True(tracker.See(Samples.Status(StudyPhase.Prepare, 0, new Progress("training", 50, 100))).Further);
        Assert.False(tracker.See(Samples.Status(StudyPhase.Prepare, 0, new Progress("training", 40, 100))).Further);   // a silo died, back to its checkpoint
        Assert.False(tracker.See(Samples.Status(StudyPhase.Prepare, 0, new Progress("training", 50, 100))).Further);
        Assert.True(tracker.See(Samples.Status(StudyPhase.Prepare, 0, new Progress("training", 51, 100))).Further);
    }
}
