using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Data;
using Hone.Model;
using Hone.Search;

namespace Hone.Benchmarks.Tests;

public sealed class UnitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hone-units-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Unit Make(string id, int input = 1, bool blob = false, params Unit[] needs) =>
        new(id, new JsonObject { ["input"] = input }, new Cost(1, 1), needs, _ => throw new InvalidOperationException("not run here"), blob);

    private static UnitLine Line(Unit unit, UnitStore store, string? blob = null) => new(unit.Id, unit.Key, store.From(unit), blob, new JsonObject { ["right"] = 1 }, 1, true, "test");

    private UnitStore Store() => new(Path.Combine(_folder, "units.jsonl"));

    [Fact]
    public void AKeyNamesInputsAndNeedsWhateverTheOrderOfItsText()
    {
        var one = new Unit("a/1", new JsonObject { ["x"] = 1, ["y"] = 2 }, default, [], _ => null!);
        var two = new Unit("a/1", new JsonObject { ["y"] = 2, ["x"] = 1 }, new Cost(9, 9), [], _ => null!);
        Assert.Equal(one, two);
        Assert.NotEqual(Make("a/1").Key, Make("a/1", 2).Key);
        Assert.NotEqual(Make("b/1", needs: Make("a/1")).Key, Make("b/1", needs: Make("a/1", 2)).Key);
    }

    [Fact]
    public void AResultIsFoundAgainByAnotherProcessAndIsStaleOnceItsInputsChange()
    {
        UnitStore store = Store();
        Unit unit = Make("a/1");
        Assert.Null(store.Find(unit));
        store.Add(Line(unit, store));
        Assert.Equal(1, (int)Store().Find(unit)!.Found["right"]!);
        Assert.Null(Store().Find(Make("a/1", 2)));
    }

    [Fact]
    public void WhatWasFoundWithOtherWeightsIsStale()
    {
        UnitStore store = Store();
        Unit weights = Make("supernet/1", blob: true), net = Make("net/1", needs: weights);
        store.Add(Line(weights, store, new string('a', 64)));
        store.Add(Line(net, store));
        Assert.NotNull(store.Find(net));
        store.Add(Line(weights, store, new string('b', 64)));   // trained again, on another kind of processor
        Assert.Null(store.Find(net));
    }

    [Fact]
    public void WeightsThatAreGoneAreMadeAgainOnlyForWhoStillNeedsThem()
    {
        UnitStore store = Store();
        var blobs = new FolderBlobStore(Path.Combine(_folder, "blobs"));
        Unit weights = Make("supernet/1", blob: true), done = Make("net/1", needs: weights), open = Make("net/2", 2, needs: weights);
        store.Add(Line(weights, store, new string('a', 64)));
        store.Add(Line(done, store));
        Assert.Empty(UnitOrder.Open([done], store, blobs));
        Assert.Equal([weights, open], UnitOrder.Open([done, open], store, blobs));
        string there = blobs.Put("weights"u8).Hex;
        store.Add(Line(weights, store, there));
        store.Add(Line(done, store));
        Assert.Equal([open], UnitOrder.Open([done, open], store, blobs));
    }

    [Fact]
    public void ALineThatIsNoneIsRefusedWithWhatToDo()
    {
        File.WriteAllText(Path.Combine(_folder, "units.jsonl"), "{\"id\":\"a\"}\n");
        Assert.Contains("remove the line", Assert.Throws<HoneException>(Store).Message);
    }

    [Fact]
    public void TheTableReplacesWhatStandsBetweenItsMarkersAndNothingElse()
    {
        string readme = "before\n<!-- evidence:x -->\nold\n<!-- /evidence -->\nafter\n";
        Assert.Equal("before\n<!-- evidence:x -->\nnew\n<!-- /evidence -->\nafter\n", EvidenceReport.Between(readme, "x", "new"));
        Assert.EndsWith("<!-- evidence:y -->\nnew\n<!-- /evidence -->\n", EvidenceReport.Between(readme, "y", "new"));
        Assert.Throws<HoneException>(() => EvidenceReport.Between("<!-- evidence:x -->\n", "x", "new"));
    }

    [Theory]
    [InlineData(0.2, 0.8, 0.1, 0.9, "better")]
    [InlineData(0.2, 0.8, -0.3, 1.3, "no worse than 0.5")]
    [InlineData(0.2, 0.8, -2.0, 3.0, "not resolved")]
    [InlineData(-0.4, 0.4, -0.45, 0.45, "no worse than 0.5")]
    public void AVerdictMustHoldByTheWiderOfTheTwoIntervals(double low, double high, double seedLow, double seedHigh, string word)
    {
        var row = new EvidenceRow("on", "a minus b", "points", Origin.Trained, new Estimate((low + high) / 2, low, high, 30, 3, seedLow, seedHigh), true, 0.5);
        Assert.Equal(word, row.Word);
        Assert.Equal(low > 0 && word != "better", row.Remark.Contains("by the bootstrap alone: better"));
        Assert.Equal(high < 0.5 && seedHigh < 0.5 && word != "better", row.Remark.Contains("a tie"));
    }

    [Fact]
    public void ARowWithoutStudentsIntervalIsJudgedByItsOwnAlone()
    {
        var row = new EvidenceRow("on", "a minus b", "tau", Origin.Trained, new Estimate(0.5, 0.1, 0.9, 20, 3), true);
        Assert.Equal(("better", ""), (row.Word, row.Remark));
    }
}
