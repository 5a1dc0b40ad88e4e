using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

public class SearchLoopEndTests
{
    private static readonly Outcome Reject = new Outcome.Rejected(new Rejection("dsp", "DSP 120 % of toy"));

    [Fact]
    public void AThousandRejectionsRunningEndTheSearchAsInfeasibleAtThatTrialWhateverIsInFlight()
    {
        for (uint speed = 0; speed < 3; speed++)
        {
            SearchLoop loop = Problems.Loop("nsga2", 6, 50);
            List<Trial> journal = Problems.Drive(loop, _ => Reject, new Chance(speed, 82), 7);
            Assert.Equal((StopReason.Infeasible, SearchLoop.Patience, SearchLoop.Patience), (loop.Stop, journal.Count, loop.RejectedInARow));
            Assert.False(loop.TryAsk(out _));
            Assert.Empty(loop.Commit());
        }
    }

    [Fact]
    public void OneEvaluatedTrialStartsTheCountOfRejectionsAgain()
    {
        SearchLoop loop = Problems.Loop("random", 2, 50);
        int count = loop.Run(a => a.Ordinal == 900 ? Problems.Values(1, 2) : Reject).Count();
        Assert.Equal((StopReason.Infeasible, 901 + SearchLoop.Patience, 1), (loop.Stop, count, loop.Evaluated));
    }

    [Fact]
    public void ASpaceOfRejectedCandidatesIsInfeasibleThoughMostAreDuplicates()
    {
        SearchLoop loop = Problems.Loop("random", 2, 50, space: Problems.Tiny(5));
        Assert.Equal(SearchLoop.Patience, loop.Run(_ => Reject).Count());
        Assert.Equal((StopReason.Infeasible, 5), (loop.Stop, loop.Rejected));
    }

    [Fact]
    public void ASpaceThatIsUsedUpEndsTheSearchAsExhausted()
    {
        SearchLoop loop = Problems.Loop("nsga2", 2, 50, space: Problems.Tiny(7));
        List<Trial> journal = [.. loop.Run(a => Problems.Values(a.Candidate.Choices[0], Problems.Hash(a.Candidate.Key, 1)))];
        Assert.Equal((StopReason.Exhausted, 7, 7 + SearchLoop.Patience), (loop.Stop, loop.Evaluated, journal.Count));
        foreach (Trial trial in journal)
            if (trial.Outcome is Outcome.Duplicate(int of)) Assert.Equal((trial.Key, true), (journal[of].Key, journal[of].Outcome is Outcome.Evaluated));
    }

    [Fact]
    public void EvaluationsThatAllFailEndTheSearchAsExhausted()
    {
        SearchLoop loop = Problems.Loop("evolution", 2, 50);
        Assert.Equal(SearchLoop.Patience, loop.Run(_ => new Outcome.Failed("diverged", "loss is NaN")).Count());
        Assert.Equal((StopReason.Exhausted, SearchLoop.Patience), (loop.Stop, loop.Failed));
    }

    [Fact]
    public void ExtendingDoesNotWakeAnInfeasibleSearch()
    {
        SearchLoop loop = Problems.Loop("random", 2, 50);
        foreach (Trial _ in loop.Run(_ => Reject)) { }
        loop.Extend(100);
        Assert.Equal(StopReason.Infeasible, loop.Stop);
    }

    [Fact]
    public void AJournalOfAnotherSpecIsRefusedWithTheFirstOrdinalThatDiffers()
    {
        List<Trial> journal = [.. Problems.Loop("nsga2", 2, 30).Run(a => Problems.Mixed(a.Candidate))];
        SearchLoop other = Problems.Loop("nsga2", 2, 30, seed: 2);
        Assert.Contains("ordinal 0: this spec asks", Assert.Throws<HoneException>(() => other.Replay(journal[0])).Message, StringComparison.Ordinal);

        SearchLoop skipping = Problems.Loop("nsga2", 2, 30);
        Assert.Contains("expected ordinal 0", Assert.Throws<HoneException>(() => skipping.Replay(journal[1])).Message, StringComparison.Ordinal);

        SearchLoop shorter = Problems.Loop("nsga2", 2, 3);
        Assert.Contains("the search ends by Budget", Assert.Throws<HoneException>(() => journal.ForEach(shorter.Replay)).Message, StringComparison.Ordinal);

        SearchLoop duplicate = Problems.Loop("nsga2", 2, 30);
        Trial wrong = journal[0] with { Outcome = new Outcome.Duplicate(0) };
        Assert.Contains("expected a new candidate", Assert.Throws<HoneException>(() => duplicate.Replay(wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReplayWithOrdinalsInFlightIsRefused()
    {
        SearchLoop loop = Problems.Loop("random", 2, 30);
        loop.TryAsk(out Asked? asked);
        Assert.Throws<InvalidOperationException>(() => loop.Replay(new Trial(0, asked!.Candidate.Key, Reject)));
    }
}
