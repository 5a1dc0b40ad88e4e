using System.Text.Json.Serialization;

namespace Hone.Model;

/// <summary>How a value was obtained. Values of different origins are never compared silently.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Origin>))]
public enum Origin { Modelled, Simulated, Measured, Trained }

/// <summary>A value with everything needed to trust it.</summary>
/// <param name="Metric">For example accuracy, latency_ms, dsp.</param>
/// <param name="Value">In <paramref name="Unit"/>.</param>
/// <param name="Unit">For example %, ms; "1" for pure numbers.</param>
/// <param name="Origin">How it was obtained.</param>
/// <param name="Spread">One standard error or MAD in the same unit; null when the value is exact by construction.</param>
/// <param name="Device">The device it holds for; null when it holds for none.</param>
/// <param name="Calibration">The device model's version; null where there is none.</param>
/// <param name="Taken">When nodes of the device took the figures that it rests on, the oldest of them; null where it rests on none.</param>
/// <param name="Notes">What ran in another way than stated; null: nothing is known of that.</param>
public sealed record Measurement(
    string Metric, double Value, string Unit, Origin Origin, double? Spread = null, string? Device = null, string? Calibration = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Taken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ValueList<string>? Notes = null)
{
    /// <summary>measured, predicted (modelled on figures that nodes took), modelled, simulated or trained.</summary>
    [JsonIgnore]
    public string State => Origin == Origin.Modelled && Taken is not null ? "predicted" : Origin.ToString().ToLowerInvariant();
}
