using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>What a device's table says of one operation.</summary>
/// <param name="Milliseconds">Of one run, alone.</param>
/// <param name="Spread">In the same unit: a reading's, or one standard deviation of a prediction.</param>
/// <param name="Refused">Why nodes refuse it.</param>
internal sealed record OpPrice(double? Milliseconds, double Spread, string BoundBy, NodeFailure? Refused = null)
{
    public static readonly OpPrice Unknown = new(null, 0, "");

    public static OpPrice Of(CostEntry entry) => entry switch
    {
        { Refused: { } refused } => Unknown with { Refused = refused },
        { Reading: { } reading } => new OpPrice(reading.Milliseconds, reading.Spread, TableDevice.Measured),
        _ => Unknown,
    };

    public static OpPrice Of(Prediction? prediction) => prediction is null ? Unknown : new OpPrice(prediction.Milliseconds, prediction.Spread, TableDevice.Predicted);
}
