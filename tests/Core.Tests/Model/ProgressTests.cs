using Hone.Model;

namespace Hone.Core.Tests.Model;

public class ProgressTests
{
    [Fact]
    public void OfPartsStepsAndRatesAreSumsAndOtherFiguresMeansOverThoseThatTellThem()
    {
        Progress first = new("training", 10, 100, [new("loss", 1), new("images/s", 300)]), second = new("training", 20, 100, [new("loss", 2), new("images/s", 200)]), ended = new("training", 30, 100);
        Assert.Equal(new Progress("training", 60, 300, [new("loss", 1.5), new("images/s", 500)]), Progress.Sum([first, second, ended]));
        Assert.Equal(first, Progress.Sum([first]));
        Assert.Null(Progress.Sum([]));
    }

    [Fact]
    public void WhereAPartDoesNotKnowItsLengthTheWholeHasNone() => Assert.Equal(0, Progress.Sum([new("reading", 0, 0), new("training", 5, 100)])!.Steps);
}
