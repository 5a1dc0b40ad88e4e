namespace Hone.Model;

/// <summary>Images per second, which every device states of the time that it states, modelled or measured: 1000 x images / milliseconds.</summary>
public static class Throughput
{
    public const string Metric = "fps";

    /// <summary>What a time says of images per second: of the same origin, device and age, its spread the same share of the value.</summary>
    /// <param name="latency">In milliseconds, above 0.</param>
    /// <param name="images">That the time is the time of: the batch, for one run.</param>
    public static Measurement Of(Measurement latency, double images)
    {
        double value = 1e3 * images / latency.Value;
        return latency with { Metric = Metric, Value = value, Unit = "1/s", Spread = latency.Spread / latency.Value * value };
    }
}
