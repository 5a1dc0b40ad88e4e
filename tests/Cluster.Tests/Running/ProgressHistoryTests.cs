using Hone.Grains;
using Hone.Model;

namespace Hone.Cluster.Tests.Running;

public class ProgressHistoryTests
{
    private static Progress At(long step, string stage = "training") => new(stage, step, 1_000_000, [new Figure("loss", 1.0 / (step + 1))]);

    [Fact]
    public void FewPointsAreAllKept()
    {
        var history = new ProgressHistory();
        foreach (int step in new[] { 0, 5, 9 }) history.Add(At(step));
        history.Add(At(9));   // heard again
        Assert.Equal([0, 5, 9], history.Points.Select(p => p.Step));
    }

    [Fact]
    public void ManyPointsAreThinnedFromTheFirstToTheLast()
    {
        var history = new ProgressHistory(64);
        for (int step = 0; step <= 100_000; step++) history.Add(At(step));
        long[] steps = [.. history.Points.Select(p => p.Step)];
        Assert.InRange(steps.Length, 32, 65);
        Assert.Equal((0, 100_000), (steps[0], steps[^1]));
        Assert.Equal(steps.Order(), steps);
        Assert.True(steps.Zip(steps.Skip(1), (a, b) => b - a).Max() < 100_000 / 16);
    }

    [Fact]
    public void WorkThatBeganAnewTakesThePlaceOfWhatWasLost()
    {
        var history = new ProgressHistory();
        foreach (int step in new[] { 0, 10, 20, 30 }) history.Add(At(step));
        foreach (int step in new[] { 15, 25 }) history.Add(At(step));
        Assert.Equal([0, 10, 15, 25], history.Points.Select(p => p.Step));
    }

    [Fact]
    public void ANewStageFollowsTheLast()
    {
        var history = new ProgressHistory();
        history.Add(At(10));
        history.Add(At(1, "finishing"));
        history.Add(At(2, "finishing"));
        Assert.Equal([("training", 10L), ("finishing", 1L), ("finishing", 2L)], history.Points.Select(p => (p.Stage, p.Step)));
    }
}
