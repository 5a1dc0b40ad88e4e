using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

public class SearchLoopRetryTests
{
    private const int Budget = 40;

    private static (SearchLoop Loop, List<Trial> Journal) Searched(string algorithm = "nsga2", int budget = Budget)
    {
        SearchLoop loop = Problems.Loop(algorithm, 3, budget);
        return (loop, [.. loop.Run(a => Problems.Mixed(a.Candidate))]);
    }

    [Theory]
    [InlineData("nsga2")]
    [InlineData("evolution")]
    [InlineData("random")]
    [InlineData("halving")]
    public void RetriesFollowTheSearchAsNewOrdinalsOfTheFailedCandidates(string algorithm)
    {
        var (loop, journal) = Searched(algorithm);
        int[] failed = [.. loop.FailedOrdinals];
        Assert.Equal(journal.Where(t => t.Outcome is Outcome.Failed).Select(t => t.Ordinal), failed);
        Assert.NotEmpty(failed);
        loop.Retry(failed);
        Assert.Null(loop.Stop);
        List<Trial> retried = [.. loop.Run(a => Problems.Smooth(a.Candidate, 2))];
        Assert.Equal(failed.Select((of, i) => (journal.Count + i, journal[of].Key, journal[of].Fidelity, (int?)of)), retried.Select(t => (t.Ordinal, t.Key, t.Fidelity, t.RetryOf)));
        Assert.Equal((StopReason.Budget, Budget + failed.Length, failed.Length), (loop.Stop, loop.Evaluated, loop.Failed));
        Assert.Empty(loop.FailedOrdinals);
    }

    [Fact]
    public void WhatFailsAgainCanBeRetriedAgainAndWhatDidNotFailIsPassedOver()
    {
        var (loop, journal) = Searched();
        int failed = loop.FailedOrdinals.First(), fine = journal.First(t => t.Outcome is Outcome.Evaluated).Ordinal;
        loop.Retry([failed, fine, 100_000]);
        loop.Retry([failed]);
        Trial again = Assert.Single(loop.Run(_ => new Outcome.Failed("diverged", "loss is NaN")));
        Assert.Equal(failed, again.RetryOf);
        Assert.DoesNotContain(failed, loop.FailedOrdinals);
        Assert.Contains(again.Ordinal, loop.FailedOrdinals);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void ASearchKilledAmongItsRetriesGoesOnWithTheSameJournalAtAnySpeedAndExtends(int survived)
    {
        var (_, journal) = Searched();
        List<string> texts = [];
        for (uint speed = 0; speed < 3; speed++)
        {
            SearchLoop loop = Problems.Loop("nsga2", 3, Budget);
            journal.ForEach(loop.Replay);
            int[] failed = [.. loop.FailedOrdinals];
            loop.Retry(failed);
            List<Trial> before = Problems.Drive(loop, c => Problems.Smooth(c, 2), new Chance(speed, 5), 4, stopAt: survived);
            SearchLoop again = Problems.Loop("nsga2", 3, Budget);
            foreach (Trial trial in journal.Concat(before)) again.Replay(trial);
            again.Retry(failed);
            List<Trial> after = Problems.Drive(again, c => Problems.Smooth(c, 2), new Chance(speed, 6), 4);
            Assert.Equal(failed, before.Concat(after).Select(t => t.RetryOf!.Value));
            again.Extend(2 * Budget);
            List<Trial> further = Problems.Drive(again, c => Problems.Mixed(c), new Chance(speed, 7), 4);
            Assert.Equal(Budget, further.Count(t => t.Outcome is Outcome.Evaluated));
            texts.Add(Problems.Text(journal.Concat(before).Concat(after).Concat(further)));
            SearchLoop replayed = Problems.Loop("nsga2", 3, 2 * Budget);
            foreach (Trial trial in journal.Concat(before).Concat(after).Concat(further)) replayed.Replay(trial);
            Assert.Equal(StopReason.Budget, replayed.Stop);
        }
        Assert.Single(texts.Distinct());
    }

    [Fact]
    public void AJournalWithARetryOfWhatDidNotFailIsRefused()
    {
        var (loop, journal) = Searched();
        Trial fine = journal.First(t => t.Outcome is Outcome.Evaluated);
        var wrong = new Trial(journal.Count, fine.Key, fine.Outcome, RetryOf: fine.Ordinal);
        Assert.Contains("has not failed", Assert.Throws<HoneException>(() => loop.Replay(wrong)).Message);
    }
}
