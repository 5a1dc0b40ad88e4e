using Hone.Data;
using Hone.Data.Tables;
using Hone.Model;

namespace Hone.Core.Tests.Data;

public class TableTests
{
    private static readonly DataLocator Nowhere = new(Surroundings.OfThisMachine());

    [Theory]
    [InlineData("iris", 150)]
    [InlineData("wine", 178)]
    [InlineData("digits-4", 720)]
    [InlineData("clusters-4", 600)]
    public void PartsAreDisjointBalancedAndScaled(string name, int samples)
    {
        TableCounts counts = TableCatalog.Counts(name);
        TableSplit parts = TableCatalog.Load(name, Nowhere, null, null, seed: 3);
        Assert.Equal((counts.Train, counts.Validation, counts.Test), (parts.Train.Count, parts.Validation.Count, parts.Test.Count));
        Assert.InRange(counts.Train + counts.Validation + counts.Test, samples * 9 / 10, samples);
        Assert.Equal(TableCatalog.Shape(name), (parts.Train.Width, parts.Train.Classes));
        foreach (Table part in new[] { parts.Train, parts.Validation, parts.Test })
        {
            Assert.All(part.Features, f => Assert.InRange(f, 0, Math.PI));
            int[] sizes = [.. Enumerable.Range(0, part.Classes).Select(c => part.Labels.Count(l => l == c))];
            Assert.InRange(sizes.Max() - sizes.Min(), 0, name == "wine" ? 24 : 6);   // wines are 59, 71 and 48
        }
        for (int f = 0; f < parts.Train.Width; f++)
        {
            double[] column = [.. Enumerable.Range(0, parts.Train.Count).Select(i => parts.Train.Row(i)[f])];
            if (column.Max() > 0) Assert.Equal((0.0, Math.PI), (column.Min(), column.Max()));
        }
    }

    [Fact]
    public void TheTestPartIsNoStudysChance()
    {
        TableSplit one = TableCatalog.Load("digits-4", Nowhere, null, null, seed: 1), other = TableCatalog.Load("digits-4", Nowhere, null, null, seed: 2);
        Assert.Equal(one.Test.Labels, other.Test.Labels);   // its features are scaled by the training part
        Assert.NotEqual(one.Train.Id(), other.Train.Id());
        Assert.Equal(one.Train, TableCatalog.Load("digits-4", Nowhere, null, null, seed: 1).Train);
        Assert.NotEqual(TableCatalog.Load("digits-4", Nowhere, null, null, seed: 1, testSeed: 5).Test, one.Test);
    }

    [Fact]
    public void NoSampleIsInTwoParts()
    {
        double[] numbers = [.. Enumerable.Range(0, 60).Select(i => (double)i)];
        var table = new Table(numbers, [.. numbers.Select(n => (int)n % 3)], 1, ["a", "b", "c"]);
        (Table front, Table others) = table.Part(20, 7);
        Assert.Equal(numbers, front.Features.Concat(others.Features).Order());
        Assert.Equal([7, 7, 6], Enumerable.Range(0, 3).Select(c => front.Labels.Count(l => l == c)));
    }

    [Fact]
    public void DigitsAreMeansOfTheirCells()
    {
        // The first sample of the file is a 0; its top row of cells: (0+0+0+0)/4, (5+13+13+15)/4 and so on, the whole scaled by the range.
        TableSplit parts = TableCatalog.Load("digits-4", Nowhere, null, new TableCounts(720, 0, 0), seed: 1);
        int darkest = Enumerable.Range(0, parts.Train.Count).Count(i => parts.Train.Row(i)[5] >= Math.PI - 1e-12);
        Assert.InRange(darkest, 1, 200);
        Assert.Equal(16, parts.Train.Width);
    }

    [Fact]
    public void GarmentsAreTheMiddleInSixteenCells()
    {
        TableSplit parts;
        try
        {
            parts = TableCatalog.Load("fashion-2", Nowhere, null, new TableCounts(100, 20, 30), seed: 1);
        }
        catch (HoneException e) when (e.Message.Contains("cannot be fetched", StringComparison.Ordinal))
        {
            Assert.Skip(e.Message);
            return;
        }
        Assert.Equal((100, 20, 30, 16, 2), (parts.Train.Count, parts.Validation.Count, parts.Test.Count, parts.Test.Width, parts.Test.Classes));
        Assert.Equal(["Dress", "Shirt"], parts.Train.ClassNames.AsEnumerable());
        double Mean(int label) => Enumerable.Range(0, 100).Where(i => parts.Train.Labels[i] == label).Average(i => parts.Train.Row(i)[4] + parts.Train.Row(i)[7]);
        Assert.True(Mean(1) > Mean(0) + 1, "shirts have sleeves, and dresses are slender");
    }

    [Fact]
    public void WhatThereIsNotIsRefused()
    {
        Assert.Contains("did you mean 'iris'?", Assert.Throws<SpecException>(() => TableCatalog.Load("irs", Nowhere, null, null, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("no more than there are (150), got train 140, validation 5, test 6", Assert.Throws<SpecException>(() => TableCatalog.Load("iris", Nowhere, null, new TableCounts(140, 5, 6), 1)).Message, StringComparison.Ordinal);
        Assert.Throws<SpecException>(() => TableCatalog.Load("iris", Nowhere, null, new TableCounts(0, 5, 6), 1));
        foreach (string name in TableCatalog.Names)
        {
            TableCatalog.Check(name, TableCatalog.Counts(name));
            Assert.Throws<SpecException>(() => TableCatalog.Check(name, TableCatalog.Counts(name) with { Train = 100_000 }));
            Assert.Throws<SpecException>(() => TableCatalog.Check(name, TableCatalog.Counts(name) with { Test = 100_000 }));
        }
    }
}
