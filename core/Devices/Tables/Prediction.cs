namespace Hone.Devices.Tables;

/// <summary>The time of an operation that was not measured.</summary>
/// <param name="Milliseconds">Of one run.</param>
/// <param name="Interval">Nine in ten held-out operations are at most this far off, as |ln(measured / predicted)|.</param>
/// <param name="Family">Whose model it is.</param>
public sealed record Prediction(double Milliseconds, double Interval, string Family)
{
    private const double NineInTen = 1.645;   // standard deviations that hold 90 % of a normal distribution

    /// <summary>Lower end of the 90 % interval, milliseconds.</summary>
    public double Low => Milliseconds * Math.Exp(-Interval);

    /// <summary>Upper end of the 90 % interval, milliseconds.</summary>
    public double High => Milliseconds * Math.Exp(Interval);

    /// <summary>One standard deviation, milliseconds, as if the logarithm were normal.</summary>
    public double Spread => Milliseconds * Math.Min(Interval / NineInTen, 10);
}
