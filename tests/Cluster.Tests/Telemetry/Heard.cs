using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Hone.Grains.Telemetry;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>What some of Hone's instruments tell while it listens; other tests of the process are heard too.</summary>
internal sealed class Heard : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, string Labels)> _values = [];

    public Heard(params string[] instruments)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == HoneMeter.Name && instruments.Contains(instrument.Name)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Add(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Add(instrument, value, labels));
        _listener.Start();
    }

    /// <summary>In the order they came; labels are values with spaces between.</summary>
    public IReadOnlyCollection<(string Instrument, double Value, string Labels)> Values => _values;

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        _values.Enqueue((instrument.Name, value, string.Join(' ', labels.ToArray().Select(l => Convert.ToString(l.Value, CultureInfo.InvariantCulture)))));
}
