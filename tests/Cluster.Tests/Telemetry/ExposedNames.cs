using System.Diagnostics.Metrics;
using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Grains.Telemetry;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>What Hone's instruments are called in a scrape: each is given a value once, and a silo is scraped.</summary>
internal static class ExposedNames
{
    public static async Task<Exposition> OfEveryInstrument()
    {
        using var scratch = new Scratch();
        await using LocalSilo silo = await LocalSilo.Start(scratch.Folder, slots: 0);
        using var busy = new SlotClock(0, TimeProvider.System);
        busy.Begin();
        foreach (MeterRow row in HoneMeter.Table) Touch(row);
        using var http = new HttpClient();
        return new Exposition(await http.GetStringAsync($"{await File.ReadAllTextAsync(Path.Combine(scratch.Folder, ClusterAddress.HealthFile))}/metrics"));
    }

    private static void Touch(MeterRow row)
    {
        KeyValuePair<string, object?>[] labels = [.. row.Labels.Select(l => l.Of(Label.Other))];
        switch (row.Instrument)
        {
            case Counter<long> counter: counter.Add(1, labels); break;
            case UpDownCounter<long> counter: counter.Add(1, labels); break;
            case Gauge<long> gauge: gauge.Record(1, labels); break;
            case Gauge<double> gauge: gauge.Record(1, labels); break;
            case Histogram<double> histogram: histogram.Record(1, labels); break;
            case ObservableCounter<double>: break;
            default: throw new NotSupportedException($"{row.Instrument.Name} is a {row.Instrument.GetType().Name}");
        }
    }

    /// <summary>By the rules of the exporter: dots are underscores, units are spelt out, counters end with _total.</summary>
    public static string Of(Instrument instrument)
    {
        string unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "{image}/s" => "_per_second",
            "%" => "_percent",
            _ => "",
        };
        bool total = instrument is Counter<long> or ObservableCounter<double>;
        return instrument.Name.Replace('.', '_') + unit + (total ? "_total" : "");
    }
}
