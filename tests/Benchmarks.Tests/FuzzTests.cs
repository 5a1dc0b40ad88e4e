using Hone.Benchmarks.Evidence;
using Hone.Benchmarks.Fuzz;
using Hone.Model;
using Findings = Hone.Benchmarks.Fuzz.Findings;

namespace Hone.Benchmarks.Tests;

public class FuzzTests
{
    private static string[] Files => [.. Directory.GetFiles(Path.Combine(Places.Repository, "client", "studies"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    [Fact]
    public void SpoiledStudiesAreRefusedAndNothingElse()
    {
        using var output = new StringWriter();
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var fuzz = new StudyFuzz(new Chance(7, 100), new Findings(folder, output), Files);
        for (int i = 0; i < 1_000; i++) fuzz.Step();
        Assert.Equal("", output.ToString());
        Assert.InRange(fuzz.Taken, 10, 500);   // neither all good nor all nonsense
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void WhatIsThrownUnexpectedlyIsFoundOnceAndKeptWithItsInput()
    {
        using var output = new StringWriter();
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var findings = new Findings(folder, output);
            for (int i = 0; i < 3; i++) Assert.False(findings.Check("reading", [(byte)'x'], () => throw new InvalidOperationException("stumbled"), e => e is SpecException));
            Assert.False(findings.Check("reading", [], () => throw new SpecException("refused"), e => e is SpecException));
            Assert.True(findings.Check("reading", [], () => { }, e => e is SpecException));
            Assert.Equal(3, findings.Count);
            Assert.Single(output.ToString().Trim().Split('\n'));
            Assert.EndsWith("x", File.ReadAllText(Assert.Single(Directory.GetFiles(folder))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameInputs()
    {
        string[] Make() => [.. Enumerable.Repeat(new Mutation(new Chance(3, 100)), 1).SelectMany(m => Enumerable.Range(0, 50).Select(_ => m.Of(Files[0])))];
        Assert.Equal(Make(), Make());
    }
}
