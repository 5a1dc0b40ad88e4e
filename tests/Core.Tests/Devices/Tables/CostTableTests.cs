using System.Text.Json;
using Hone.Devices.Tables;
using Hone.Model;
using static Hone.Core.Tests.Devices.Tables.Samples;

namespace Hone.Core.Tests.Devices.Tables;

public class CostTableTests
{
    private static readonly Reading Careful = new(0.123456789, 0.0011, 15, "cal a", 0.02, ["noisy"], ["op: 4-bit rows run as 8-bit codes"]);

    [Fact]
    public void ATableReadsBackAsItWasWritten()
    {
        Workload net = new("net", Mode.Infer, 1, [Gemm(64, 32, 50, repeat: 3), Norm(50, 64)]);
        CostTable table = new CostTable("pi", 3, [], []).With(
            [.. Kinds().Select((op, i) => i % 3 == 0 ? CostEntry.Of(op, One, new NodeFailure("uncovered", "no kernel"))
                : CostEntry.Of(op, One with { Batch = i, Mode = (Mode)(i % 4) }, Careful))],
            [NetworkEntry.Of(net, Read(0.5, calibration: "cal b"), 0.4), NetworkEntry.Of(net with { Key = "other", Ops = [Gemm(8, 8, 8)] }, Careful)]);
        Assert.Equal(4, table.Version);
        string text = JsonSerializer.Serialize(table, StudyJson.Options);
        Assert.Equal(table, JsonSerializer.Deserialize<CostTable>(text, StudyJson.Options));
        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize<CostTable>(text, StudyJson.Options), StudyJson.Options));
    }

    [Fact]
    public void EntriesThatAreNotPlainReadBackToo()
    {
        Op odd = Gemm(64, 32, 50) with
        {
            In = new NumberFormat(NumberKind.Int, -3, true, Granularity.Row, 7, 5),
            Columns = new Extent("tokens", [new ExtentPoint(20, 0.5), new ExtentPoint(31, 0.5)], "measured"),
        };
        CostTable table = new("pi", 1, [new CostEntry("own key", odd, Careful, null, Mode.Decode, 2, 64)], []);
        Assert.Equal(table, JsonSerializer.Deserialize<CostTable>(JsonSerializer.Serialize(table, StudyJson.Options), StudyJson.Options));
    }

    [Fact]
    public void AThousandEntriesAreWellBelowFiveHundredKilobytes()
    {
        var chance = new Chance(3, Streams.Sampling);
        string calibration = new('c', 90);
        CostTable table = CostTable.Empty("pi").With(Enumerable.Range(0, 1000)
            .Select(i => CostEntry.Of(Mixed(16 * (2 + i % 40), 16, 8 + i, 50), One, Read(chance.NextDouble(), chance.NextDouble(), 15, calibration))));
        Assert.Equal(1000, table.Entries.Count);
        int bytes = JsonSerializer.SerializeToUtf8Bytes(table, StudyJson.Options).Length;
        Assert.True(bytes < 400_000, $"{bytes} bytes");
    }

    [Fact]
    public void ALaterEntryReplacesTheEarlierOfItsKey()
    {
        CostTable table = CostTable.Empty("pi").With([CostEntry.Of(Gemm(64, 32, 50), One, Read(1))]).With([CostEntry.Of(Gemm(64, 32, 50, id: "other"), One, Read(2))]);
        Assert.Equal((2, 2.0), (table.Version, Assert.Single(table.Entries).Reading!.Milliseconds));
    }

    [Theory]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"device":"pi","version":1,"entries":[{"reading":{"ms":1}}]}""")]
    [InlineData("""{"device":"pi","version":1,"calibrations":["c"],"networks":[{"key":"n","reading":{"ms":1,"calibration":0},"ops":[5],"times":[1]}]}""")]
    [InlineData("""{"device":"pi","version":1,"calibrations":["c"],"networks":[{"key":"n","reading":{"ms":1,"calibration":0},"ops":[-1],"times":[1]}]}""")]
    [InlineData("""{"device":"pi","version":1,"calibrations":["c"],"networks":[{"key":"n","reading":{"ms":1,"calibration":0},"ops":[0]}]}""")]
    [InlineData("""{"device":"pi","version":1,"networks":[{"key":"n","reading":{"ms":1,"calibration":0},"ops":[],"times":[]}]}""")]
    [InlineData("""{"device":"pi","version":1,"entries":[{"op":{"is":"elementwise","function":"Add","rows":4,"columns":4,"in":"q8","out":"i8"}}]}""")]
    public void ABrokenTextIsRefused(string text) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<CostTable>(text, StudyJson.Options));
}
