namespace Hone.Model;

/// <summary>
/// Metrics of a study on several devices: what each says has its name behind it, <c>latency_ms@zcu102</c>, so that the same figure of two devices is two metrics. On one device metrics are plain.
/// </summary>
public static class DeviceMetric
{
    private const char Mark = '@';

    public static string Of(string metric, string device) => $"{metric}{Mark}{device}";

    /// <summary>Without the device.</summary>
    public static string Plain(string metric) => metric.IndexOf(Mark) is var at and >= 0 ? metric[..at] : metric;

    /// <summary>The device behind it; null: none.</summary>
    public static string? Device(string metric) => metric.IndexOf(Mark) is var at and >= 0 ? metric[(at + 1)..] : null;

    /// <summary>What a device says, in a study on so many devices.</summary>
    public static ValueList<Measurement> Of(ValueList<Measurement> said, string device, int devices) =>
        devices < 2 ? said : said.Select(m => m with { Metric = Of(m.Metric, device) }).ToValueList();
}
