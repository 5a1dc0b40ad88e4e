using Hone.Model;

namespace Hone.Core.Tests.Model;

public class RungsTests
{
    [Fact]
    public void EachRungTrainsEtaTimesAsLongAsTheOneBelowAndTheHighestThrough()
    {
        for (int count = 2; count <= Rungs.MostCount; count++)
            for (int eta = 2; eta <= Rungs.MostEta; eta++)
            {
                var rungs = new Rungs(count, eta);
                Assert.Equal(1, rungs.Share(rungs.Highest));
                for (int r = 0; r < rungs.Highest; r++) Assert.Equal(rungs.Divisor(r + 1) * eta, rungs.Divisor(r));
            }
        Assert.Equal([9, 3, 1], Enumerable.Range(0, 3).Select(Rungs.Default.Divisor));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rungs.Default.Share(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rungs.Default.Share(-1));
    }

    [Fact]
    public void OneTrialInThirteenIsOnTheHighestOfTheDefaultRungs() => Assert.Equal((0, 1, 7), (Rungs.Default.Highests(12), Rungs.Default.Highests(13), Rungs.Default.Highests(100)));

    [Fact]
    public void WithoutRungsEveryShareIsTheWhole()
    {
        Assert.Equal(1, new SearchSpec("nsga2", 8, 4).Share(null));
        Assert.Equal((1, 1.0 / 9), (new SearchSpec("halving", 8, 4, Rungs.Default).Share(null), new SearchSpec("halving", 8, 4, Rungs.Default).Share(0)));
    }
}
