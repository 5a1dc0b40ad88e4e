using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

public class SearchBenchTests
{
    [Fact]
    public void ItReportsTheTrialsCostWithItsGoalAndTheSortsWithTheirReference()
    {
        var seen = new List<Progress>();
        ValueList<SearchFigure> figures = SearchBench.Run(TimeProvider.System, new Collect(seen), trials: 2000);
        Assert.Equal(4, figures.Count);
        Assert.Equal(4, seen.Count);
        Assert.Equal(("ms/trial", 0.1), (figures[0].Unit, figures[0].Goal));
        Assert.All(figures, f => Assert.True(f.Value > 0));
        Assert.True(figures[1].Ratio > 5, $"{figures[1]}");   // about 200 on an idle core
    }

    [Fact]
    public void TheMadeUpProblemHasTheQuasarSpacesSizeAndAnObjectiveThatPullsAgainstTheOther()
    {
        Assert.Equal(38, QuasarShapedProblem.Space.Genes.Count);
        ValueList<FrontMember> front = FrontSelection.Members(
            Enumerable.Range(0, 300).Select(i => QuasarShapedProblem.Space.Sample(new Chance(1, Streams.Sampling, (uint)i)))
                .Select((c, i) => new Trial(i, c.Key, QuasarShapedProblem.Evaluate(c))), QuasarShapedProblem.Objectives);
        Assert.InRange(front.Count, 3, 60);
    }

    private sealed class Collect(List<Progress> seen) : IProgress<Progress>
    {
        public void Report(Progress value) => seen.Add(value);
    }
}
