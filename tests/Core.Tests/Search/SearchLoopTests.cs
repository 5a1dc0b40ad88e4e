using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search;

public class SearchLoopTests
{
    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (string algorithm in SearcherCatalog.Names)
            for (int window = 0; window <= 8; window++) cases.Add(algorithm, window);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AnySpeedAndOrderOfOutcomesGivesTheSameJournal(string algorithm, int window)
    {
        string alone = Problems.Text(Problems.Loop(algorithm, window, 60).Run(a => Problems.Mixed(a.Candidate)));
        for (uint speed = 0; speed < 12; speed++)
        {
            SearchLoop loop = Problems.Loop(algorithm, window, 60);
            List<Trial> journal = Problems.Drive(loop, c => Problems.Mixed(c), new Chance(speed, 77), 1 + (int)speed % (window + 3));
            Assert.Equal(alone, Problems.Text(journal));
            Assert.Equal(StopReason.Budget, loop.Stop);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ReplayOfAnyPrefixGoesOnWithTheSameJournal(string algorithm, int window)
    {
        List<Trial> whole = [.. Problems.Loop(algorithm, window, 40).Run(a => Problems.Mixed(a.Candidate))];
        for (int prefix = 0; prefix <= whole.Count; prefix += 3)
        {
            SearchLoop died = Problems.Loop(algorithm, window, 40), revived = Problems.Loop(algorithm, window, 40);
            List<Trial> written = Problems.Drive(died, c => Problems.Mixed(c), new Chance((ulong)prefix, 78), 4, prefix);   // dies with ordinals in flight
            foreach (Trial trial in written) revived.Replay(trial);
            List<Trial> rest = Problems.Drive(revived, c => Problems.Mixed(c), new Chance((ulong)prefix, 79), 3);
            Assert.Equal(Problems.Text(whole), Problems.Text([.. written, .. rest]));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheJournalOfASmallBudgetIsAPrefixOfALargerOnes(string algorithm, int window)
    {
        string small = Problems.Text(Problems.Loop(algorithm, window, 25).Run(a => Problems.Mixed(a.Candidate)));
        string large = Problems.Text(Problems.Loop(algorithm, window, 60).Run(a => Problems.Mixed(a.Candidate)));
        Assert.StartsWith(small, large, StringComparison.Ordinal);

        SearchLoop extended = Problems.Loop(algorithm, window, 25);
        List<Trial> journal = Problems.Drive(extended, c => Problems.Mixed(c), new Chance(4, 80), 5);
        Assert.Equal(small, Problems.Text(journal));
        extended.Extend(60);
        Assert.Null(extended.Stop);
        journal.AddRange(Problems.Drive(extended, c => Problems.Mixed(c), new Chance(5, 80), 5));
        Assert.Equal(large, Problems.Text(journal));
        Assert.Throws<SpecException>(() => extended.Extend(59));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void BeforeAskIExactlyTheOutcomesUpToIMinus1MinusWAreTold(int window)
    {
        var spy = new Spy(new RandomSearch(Problems.Space, Problems.Objectives(1), 1));
        var loop = new SearchLoop(spy, Problems.Objectives(1), window, 50);
        Problems.Drive(loop, c => Problems.Mixed(c, 1), new Chance(2, 81), 3);
        Assert.Equal(loop.Next, spy.ToldAtAsk.Count);
        for (int i = 0; i < spy.ToldAtAsk.Count; i++) Assert.Equal(Math.Max(0, i - window), spy.ToldAtAsk[i]);
    }

    [Fact]
    public void UpToWPlus1OrdinalsAreInFlightAndNoneIsEvaluatedInVain()
    {
        SearchLoop loop = Problems.Loop("random", 3, 6);
        var asked = new List<Asked>();
        while (loop.TryAsk(out Asked? a)) asked.Add(a);
        Assert.Equal([0, 1, 2, 3], asked.Select(a => a.Ordinal));
        foreach (Asked a in asked) loop.Report(a.Ordinal, Problems.Values(1, 2));
        Assert.False(loop.TryAsk(out _));          // known, but not committed
        Assert.Equal(4, loop.Commit().Count);
        while (loop.TryAsk(out Asked? a)) asked.Add(a);
        Assert.Equal(6, asked.Count);              // two more reach the budget of 6, though the window would allow four
        Assert.Equal([4, 5], loop.Open().Select(a => a.Ordinal));
        loop.Report(5, new Outcome.Failed("x", "y"));
        Assert.True(loop.TryAsk(out Asked? next)); // a failure makes room
        Assert.Equal(6, next.Ordinal);
    }

    [Fact]
    public void ALateSecondAnswerIsDropped()
    {
        SearchLoop loop = Problems.Loop("random", 1, 1);
        loop.TryAsk(out _);
        Assert.True(loop.Report(0, Problems.Values(1, 2)));
        Assert.False(loop.Report(0, Problems.Values(3, 4)));
        Assert.Equal(Problems.Values(1, 2), Assert.Single(loop.Commit()).Outcome);
        Assert.False(loop.Report(0, Problems.Values(5, 6)));
    }

    [Fact]
    public void OutcomesThatCannotBeAreRefusedAndChangeNothing()
    {
        SearchLoop loop = Problems.Loop("random", 1, 5);
        loop.TryAsk(out _);
        Assert.Throws<ArgumentException>(() => loop.Report(1, Problems.Values(1, 2)));
        Assert.Throws<ArgumentException>(() => loop.Report(0, new Outcome.Duplicate(0)));
        Assert.Contains("'f1'", Assert.Throws<HoneException>(() => loop.Report(0, Problems.Values(1))).Message, StringComparison.Ordinal);
        Assert.Throws<HoneException>(() => loop.Report(0, Problems.Values(1, double.NaN)));
        Assert.Empty(loop.Commit());
        Assert.True(loop.Report(0, Problems.Values(1, 2)));
        Assert.Single(loop.Commit());
    }

    [Fact]
    public void OptionsOutOfRangeAreSpecErrors()
    {
        Assert.Throws<SpecException>(() => Problems.Loop("random", -1, 5));
        Assert.Throws<SpecException>(() => Problems.Loop("random", 1, 0));
    }

    private sealed class Spy(ISearcher inner) : ISearcher
    {
        private int _told;

        public List<int> ToldAtAsk { get; } = [];

        public Suggestion Ask(int ordinal)
        {
            ToldAtAsk.Add(_told);
            return inner.Ask(ordinal);
        }

        public void Tell(Trial trial)
        {
            _told++;
            inner.Tell(trial);
        }
    }
}
