using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

public class FrontFidelityTests
{
    private static readonly ValueList<Objective> Two = Problems.Objectives(2);   // f0 falls, f1 rises

    private static Trial Trial(int ordinal, double f0, double f1, int? fidelity) => new(ordinal, $"x={ordinal}", Problems.Values(f0, f1), fidelity);

    private static int[] Members(params Trial[] trials) => [.. FrontSelection.Members(trials, Two).Select(m => m.Ordinal)];

    [Fact]
    public void OnlyTrialsOfTheHighestRungReachedAreMembers()
    {
        Trial cheap = Trial(0, 0, 9, 0), half = Trial(1, 1, 8, 1), whole = Trial(2, 2, 7, 2), beaten = Trial(3, 3, 6, 2);   // whatever was trained less looks better
        Assert.Equal([0], Members(cheap));
        Assert.Equal([1], Members(cheap, half));
        Assert.Equal([2], Members(cheap, beaten, half, whole));
        Assert.Equal(2, FrontFidelity.Of([half, whole, cheap]));
    }

    [Fact]
    public void ARungOnWhichNothingWasEvaluatedIsNotReached()
    {
        Trial cheap = Trial(0, 0, 9, 0);
        Trial[] without = [cheap, new(1, "x=0", new Outcome.Failed("a", "b"), 1), new(2, "x=0", new Outcome.Rejected(new Rejection("dsp", "no")), 2), new(3, "x=0", new Outcome.Duplicate(0), 0)];
        Assert.Equal(0, FrontFidelity.Of(without));
        Assert.Equal([cheap], FrontFidelity.Trials(without));
    }

    [Fact]
    public void WithoutRungsEveryEvaluatedTrialCounts()
    {
        Trial[] trials = [Trial(0, 1, 1, null), Trial(1, 2, 2, null), new(2, "x=2", new Outcome.Failed("a", "b"))];
        Assert.Null(FrontFidelity.Of(trials));
        Assert.Equal([0, 1], FrontFidelity.Trials(trials).Select(t => t.Ordinal));
        Assert.Empty(FrontFidelity.Trials([trials[2]]));
    }
}
