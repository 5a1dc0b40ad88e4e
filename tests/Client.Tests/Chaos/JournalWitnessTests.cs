using Hone.Client.Chaos;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Tests.Chaos;

/// <summary>Each breach of an invariant is seen, and by that invariant alone.</summary>
public class JournalWitnessTests
{
    private static readonly ValueList<Objective> Objectives = [new("f1", Direction.Minimize, "1"), new("f2", Direction.Minimize, "1")];

    private static TrialLine Line(int ordinal, double f1, double f2, string? key = null) => new(
        new Trial(ordinal, key ?? $"x={ordinal}", new Outcome.Evaluated([new("f1", f1, "1", Origin.Simulated), new("f2", f2, "1", Origin.Simulated)])), $"{ordinal}: {f1} {f2}");

    private static readonly TrialLine[] Journal = [Line(0, 4, 4), Line(1, 3, 5), Line(2, 5, 3), Line(3, 1, 1)];

    private static int[] Broken(params TrialLine[][] readings)
    {
        var witness = new JournalWitness();
        foreach (TrialLine[] reading in readings) witness.Read(reading, Objectives);
        Assert.All(witness.All, i => Assert.Equal(readings.Length, i.Checked));
        return [.. witness.All.Select(i => i.Broken)];
    }

    [Fact]
    public void AJournalThatOnlyGrowsBreaksNothing() => Assert.Equal([0, 0, 0, 0], Broken([], Journal[..2], Journal[..2], Journal));

    [Fact]
    public void ALostTrialIsSeen() => Assert.Equal([1, 0, 0, 0], Broken([Line(0, 1, 1), Line(1, 3, 3)], [Line(0, 1, 1)]));

    [Fact]
    public void AGapOrACandidateThatComesTwiceIsSeen()
    {
        Assert.Equal([0, 1, 0, 0], Broken([Line(0, 4, 4), Line(2, 3, 5)]));
        Assert.Equal([0, 1, 0, 0], Broken([Line(0, 4, 4), Line(1, 3, 5, "x=0")]));
    }

    [Fact]
    public void ACandidateMayComeOnceOnEachRungAndTheFrontBeginsAnewOnAHigherOne()
    {
        TrialLine On(TrialLine line, int rung) => line with { Trial = line.Trial with { Fidelity = rung } };
        TrialLine[] journal = [On(Line(0, 1, 1), 0), On(Line(1, 2, 2), 0), On(Line(2, 5, 5, "x=0"), 1), On(Line(3, 4, 4, "x=1"), 1)];
        Assert.Equal([0, 0, 0, 0], Broken(journal[..2], journal[..3], journal));
        Assert.Equal([0, 1, 0, 0], Broken([.. journal, On(Line(4, 4, 4, "x=1"), 1)]));
        var witness = new JournalWitness();
        witness.Read(journal, Objectives);
        witness.Read([.. journal[..3], On(Line(3, 6, 6, "x=1"), 1)], Objectives);
        Assert.Equal(1, witness.Front.Broken);
    }

    [Fact]
    public void AChangedLineIsSeenWithBothAndAFrontThatFallsBack()
    {
        var witness = new JournalWitness();
        witness.Read(Journal, Objectives);
        witness.Read([.. Journal[..3], Line(3, 4, 4)], Objectives);
        Assert.Equal(["ordinal 3 was 3: 1 1 and is 3: 4 4"], witness.Fixed.Told);
        Assert.Equal((1, 0), (witness.Front.Broken, witness.Lost.Broken));
    }

    [Fact]
    public void ARunInWhichSomethingWasNeverLookedAtDoesNotHold()
    {
        var looked = new Invariant("looked at");
        looked.Check(true, () => "");
        Assert.False(new ChaosResult(1, 1, TimeSpan.Zero, [], [looked]).Broken);
        Assert.True(new ChaosResult(1, 1, TimeSpan.Zero, [], [looked, new Invariant("never")]).Broken);
    }
}
