using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

public class FrontSelectionTests
{
    private static readonly ValueList<Objective> Two = Problems.Objectives(2);   // f0 falls, f1 rises

    private static Trial Trial(int ordinal, double f0, double f1) => new(ordinal, $"x={ordinal}", Problems.Values(f0, f1));

    [Fact]
    public void NoMemberDominatesAnotherAndNoTrialDominatesAMember()
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            List<Trial> journal = [.. Problems.Loop("nsga2", 3, 150, seed, m: 3).Run(a => Problems.Mixed(a.Candidate, 3))];
            ValueList<FrontMember> members = FrontSelection.Members(journal, Problems.Objectives(3));
            double[] all = [.. journal.Where(t => t.Outcome is Outcome.Evaluated).SelectMany(t => Losses.Of(t, Problems.Objectives(3)))];
            double[] front = [.. members.SelectMany(f => Losses.Of(f, Problems.Objectives(3)))];
            Assert.All(NonDominated.SortSlowly(front, 3), rank => Assert.Equal(0, rank));
            Assert.All(NonDominated.SortSlowly([.. front, .. all], 3).Take(members.Count), rank => Assert.Equal(0, rank));
        }
    }

    [Fact]
    public void MembersStandByFirstObjectiveThenOrdinalAndOfEqualOnesTheLowestOrdinalStays()
    {
        Trial[] trials = [Trial(4, 2, 5), Trial(1, 3, 9), Trial(3, 1, 1), Trial(2, 2, 5), Trial(0, 3, 2), new(5, "x=5", new Outcome.Failed("a", "b"))];
        Assert.Equal([3, 2, 1], FrontSelection.Members(trials, Two).Select(m => m.Ordinal));
        Assert.Equal([3, 2, 1], FrontSelection.Members(trials.Reverse(), Two).Select(m => m.Ordinal));
        Assert.Empty(FrontSelection.Members([trials[5]], Two));
    }

    [Fact]
    public void AMissingObjectiveIsNamed()
    {
        var error = Assert.Throws<HoneException>(() => FrontSelection.Members([new Trial(7, "x=7", Problems.Values(1))], Two));
        Assert.Contains("ordinal 7: expected a measurement of the objective 'f1', got f0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheChosenMembersKeepTheFrontsOrder()
    {
        ValueList<FrontMember> members = FrontSelection.Members(Enumerable.Range(0, 20).Select(i => Trial(i, i, 100 - (19 - i) * (19 - i))), Two);
        ValueList<FrontMember> chosen = FrontSelection.Choose(members, Two, 5);
        Assert.Equal(5, chosen.Count);
        Assert.Equal(chosen.Select(m => m.Ordinal).Order(), chosen.Select(m => m.Ordinal));
        Assert.Equal(members, FrontSelection.Choose(members, Two, 50));
        Assert.Empty(FrontSelection.Choose([], Two, 5));
    }

    [Fact]
    public void RedrawingDemotesWhatFinalValuesPutBehind()
    {
        FrontMember[] final = [Member(0, 1, 5), Member(1, 2, 4), Member(2, 3, 9), Member(3, 3, 9)];
        var (members, demoted) = FrontSelection.Redraw(final, Two);
        Assert.Equal([0, 2], members.Select(m => m.Ordinal));
        Assert.Equal([1, 3], demoted.Select(m => m.Ordinal));

        static FrontMember Member(int ordinal, double f0, double f1) => new(ordinal, $"x={ordinal}", Problems.Values(f0, f1).Measurements);
    }
}
