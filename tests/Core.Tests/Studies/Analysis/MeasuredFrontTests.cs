using Hone.Model;
using Hone.Studies.Analysis;

namespace Hone.Core.Tests.Studies.Analysis;

public class MeasuredFrontTests
{
    private static readonly ValueList<Objective> Objectives = [new("accuracy", Direction.Maximize, "%"), new("fps", Direction.Maximize, "1/s")];

    private static FrontMember Member(int ordinal, double accuracy, double fps) => new(ordinal, $"{ordinal}",
        [new("accuracy", accuracy, "%", Origin.Measured), new("fps", fps, "1/s", Origin.Measured, Device: "pi"), new("search_fps", 9_999, "1/s", Origin.Modelled, Device: "pi")]);

    [Fact]
    public void AMemberThatBreaksALimitOnceItIsMeasuredIsDemotedLikeOneThatAnotherDominates()
    {
        var (kept, demoted) = MeasuredFront.Draw([Member(1, 90, 900), Member(2, 80, 1_500), Member(3, 79, 1_400)], Objectives, [new Constraint("fps", Side.AtLeast, 1_000)]);
        Assert.Equal([2], kept.Select(m => m.Ordinal));
        Assert.Equal([3, 1], demoted.Select(m => m.Ordinal));
    }

    [Fact]
    public void WhereNoneKeepsItsLimitsOneIsNamed() => Assert.Contains("(for example trial 1: fps 900 1/s on pi, allowed at least 1000)",
        Assert.Throws<HoneException>(() => MeasuredFront.Draw([Member(1, 90, 900)], Objectives, [new Constraint("fps", Side.AtLeast, 1_000)])).Message);
}
