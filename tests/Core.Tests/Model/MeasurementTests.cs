using System.Text.Json;
using Hone.Model;

namespace Hone.Core.Tests.Model;

public class MeasurementTests
{
    private static readonly DateTimeOffset Day = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(Origin.Modelled, true, "predicted")]
    [InlineData(Origin.Modelled, false, "modelled")]
    [InlineData(Origin.Measured, true, "measured")]
    public void WhatIsModelledOnFiguresOfNodesIsPredicted(Origin origin, bool taken, string state) => Assert.Equal(state, new Measurement("latency_ms", 1, "ms", origin, Taken: taken ? Day : null).State);

    [Fact]
    public void WhatRestsOnNoFiguresIsWrittenAsItAlwaysWasByAnyOptions()
    {
        string text = JsonSerializer.Serialize(new Measurement("dsp", 1, "1", Origin.Modelled));
        Assert.DoesNotContain("Taken", text);
        Assert.DoesNotContain("Notes", text);
        Assert.DoesNotContain("State", text);
    }

    [Fact]
    public void AgeAndNotesComeBack()
    {
        Measurement m = new("latency_ms", 1, "ms", Origin.Measured, 0.1, "pi", "cal", Day, ["a: b"]);
        Assert.Equal(m, JsonSerializer.Deserialize<Measurement>(JsonSerializer.Serialize(m, StudyJson.Options), StudyJson.Options));
    }

    [Fact]
    public void ImagesPerSecondAreAsOldAndAsSureAsTheTime() => Assert.Equal(
        new Measurement("fps", 16_000, "1/s", Origin.Measured, 1_600, "pi", "cal", Day, ["a: b"]), Throughput.Of(new Measurement("latency_ms", 0.5, "ms", Origin.Measured, 0.05, "pi", "cal", Day, ["a: b"]), 8));
}
