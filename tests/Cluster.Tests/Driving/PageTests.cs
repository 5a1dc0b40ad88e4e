using Hone.Contracts;
using Hone.Grains.Driving;
using Hone.Grains.Journal;
using Hone.Model;

namespace Hone.Cluster.Tests.Driving;

public class PageTests
{
    private static readonly Measurement[] Measured = [new("accuracy", 88.125, "%", Origin.Trained, 0.5), new("latency_ms", 0.1 + 0.2, "ms", Origin.Modelled, null, "zcu102", "fpga-1")];

    private static JournalEntry Entry(int ordinal, int bytes) => new(new Trial(ordinal, $"depth={ordinal}", new Outcome.Failed("code", new string('x', bytes))), new byte[128]);

    [Fact]
    public void EveryKindOfTrialIsReadBackFromItsLine()
    {
        var space = new SearchSpace(Gene.Of("depth", 1, 2, 3));
        foreach (Trial trial in new Trial[]
        {
            new(0, "depth=1", new Outcome.Evaluated(Measured.ToValueList())), new(1, "depth=2", new Outcome.Rejected(new Rejection("latency_ms <= 0.4", "0.5 ms \"of\" 0.4"))),
            new(2, "depth=1", new Outcome.Duplicate(0)), new(3, "depth=3", new Outcome.Failed("diverged", "NaN")), new(4, "depth=3", new Outcome.Evaluated([]), Fidelity: 2, RetryOf: 3),
        })
            Assert.Equal(trial, TrialLine.Parse(StudyJson.Line(trial, space)).Trial);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"ordinal":1,"key":"x"}""")]
    [InlineData("""{"ordinal":"x","key":"x","duplicate":0}""")]
    public void ALineOfSomethingElseIsRefused(string line) => Assert.Contains("trials.jsonl", Assert.Throws<HoneException>(() => TrialLine.Parse(line)).Message);

    [Theory]
    [InlineData(10, 1_000)]
    [InlineData(256, 1_000)]
    [InlineData(257, 1_000)]
    [InlineData(300, 2_000)]
    [InlineData(3, 300_000)]
    public void JournalPagesHoldEveryEntryOnceInOrderAndStaySmall(int entries, int bytes)
    {
        JournalEntry[] all = [.. Enumerable.Range(0, entries).Select(i => Entry(i, bytes))];
        List<JournalPage> pages = [.. JournalPage.Of(all, new Spent(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(3)))];
        Assert.Equal(all, pages.SelectMany(p => p.Entries));
        Assert.All(pages, p => Assert.True(p.Entries.Count == 1 || (p.Entries.Count <= JournalPage.Most && p.Entries.Sum(e => e.Size) <= JournalPage.MostBytes)));
        Assert.All(pages, p => Assert.Equal(new Spent(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(3)), p.Spent));
        Assert.True(pages.Count <= 1 + entries / Math.Max(1, Math.Min(JournalPage.Most, JournalPage.MostBytes / (bytes + 400))), $"{pages.Count} pages");
    }

    [Fact]
    public void NoEntriesAreNoPage() => Assert.Empty(JournalPage.Of([], default));

    [Theory]
    [InlineData(1_000, 100, TrialPage.Most)]
    [InlineData(1_000, 2_000, TrialPage.MostCharacters / 2_000)]
    [InlineData(3, 1_000_000, 1)]
    [InlineData(2, 100, 2)]
    [InlineData(0, 100, 0)]
    public void AMessageHoldsAsManyTrialsAsFitAndAtLeastOne(int lines, int characters, int expected)
        => Assert.Equal(expected, TrialPage.Of(Enumerable.Range(0, lines).Select(i => new TrialLine(new Trial(i, "x", new Outcome.Duplicate(0)), new string('x', characters)))).Count);
}
