using System.Diagnostics.Metrics;
using Hone.Contracts.Telemetry;
using Hone.Grains.Telemetry;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>The README's tables against the code.</summary>
public class TableTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "silo", "Telemetry", "README.md"));

    private static string Kind(Instrument instrument) => instrument switch
    {
        UpDownCounter<long> => "gauge",
        Counter<long> or ObservableCounter<double> => "counter",
        Histogram<double> => "histogram",
        _ => "gauge",
    };

    private static string Meters() => string.Concat(HoneMeter.Table.Select(r =>
        $"| `{r.Instrument.Name}` | `{ExposedNames.Of(r.Instrument)}` | {Kind(r.Instrument)} | {string.Join(", ", r.Labels.Select(l => l.Name))} | {r.Instrument.Description} |\n"));

    private static string Labels() => string.Concat(HoneMeter.Table.SelectMany(r => r.Labels).DistinctBy(l => l.Name).Select(l => $"| {l.Name} | {l.Says} |\n"));

    private static string Spans() => string.Concat(Span.All.Select(s => $"| `{s.Name}` | {s.Parent?.Name ?? "(begins a trace)"} | {s.Process} | {s.Kind} | {s.Says} |\n"));

    [Fact]
    public void TheReadmeListsEveryMeterLabelAndSpan()
    {
        foreach (string table in new[] { Meters(), Labels(), Spans() }) Assert.True(Readme.Contains(table, StringComparison.Ordinal), $"silo/Telemetry/README.md: expected this table:\n{table}");
    }

    [Fact]
    public async Task MetersAreCalledInAScrapeWhatTheReadmeCallsThem()
    {
        Exposition scrape = await ExposedNames.OfEveryInstrument();
        foreach (MeterRow row in HoneMeter.Table) Assert.Equal((row.Instrument.Name, Kind(row.Instrument)), (row.Instrument.Name, scrape.Types.GetValueOrDefault(ExposedNames.Of(row.Instrument))));
    }
}
