namespace Hone.Devices.Tables;

/// <summary>A measured operation beside what is predicted without it.</summary>
/// <param name="Interval">As <see cref="Prediction.Interval"/>.</param>
public sealed record HeldOutCase(string Key, string Family, double MeasuredMs, double PredictedMs, double Interval)
{
    /// <summary>Signed, percent of the measured time.</summary>
    public double ErrorPercent => 100 * (PredictedMs / MeasuredMs - 1);

    /// <summary>Whether the measured time lies in the prediction's 90 % interval.</summary>
    public bool Within => Math.Abs(Math.Log(MeasuredMs / PredictedMs)) <= Interval;
}
