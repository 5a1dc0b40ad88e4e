using Hone.Search;

namespace Hone.Core.Tests.Search;

public class CrowdingTests
{
    [Fact]
    public void InnerPointsGetTheSumOfNeighbourGapsOverRangesAndEndsInfinity()
        => Assert.Equal([double.PositiveInfinity, 3 / 4.0 + 8 / 10.0, 3 / 4.0 + 8 / 10.0, double.PositiveInfinity],
            Crowding.Distance([0, 10, 1, 8, 3, 2, 4, 0], 2));

    [Fact]
    public void ALossWithoutRangeAddsNothing()
        => Assert.Equal(0.5, Crowding.Distance([0, 7, 1, 7, 2, 7, 3, 7, 4, 7], 2)[2]);

    [Fact]
    public void EqualPointsStandInRowOrderSoTheSumsDoNotDependOnTheSort()
    {
        // First loss in order: rows 3, 0, 1, 2, 4; second: 4, 0, 1, 2, 3. Row 0 has a gap before it, row 2 one behind it, row 1 none.
        double[] distance = Crowding.Distance([1, 1, 1, 1, 1, 1, 0, 2, 2, 0], 2);
        Assert.Equal([1, 0, 1, double.PositiveInfinity, double.PositiveInfinity], distance);
    }

    [Fact]
    public void FewPointsAreAllEnds()
    {
        Assert.Empty(Crowding.Distance([], 2));
        Assert.Equal([double.PositiveInfinity], Crowding.Distance([1, 2], 2));
        Assert.Equal([double.PositiveInfinity, double.PositiveInfinity], Crowding.Distance([1, 2, 2, 1], 2));
    }
}
