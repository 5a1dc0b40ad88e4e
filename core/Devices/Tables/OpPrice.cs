using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>What a device's table says of one operation.</summary>
/// <param name="Milliseconds">Of one run, alone.</param>
/// <param name="Spread">In the same unit: a reading's, or one standard deviation of a prediction.</param>
/// <param name="Refused">Why nodes refuse it.</param>
/// <param name="Taken">When the reading was taken; null: it was not said, or there is none.</param>
internal sealed record OpPrice(double? Milliseconds, double Spread, string BoundBy, NodeFailure? Refused = null, DateTimeOffset? Taken = null)
{
    public static readonly OpPrice Unknown = new(null, 0, "");

    public static OpPrice Of(CostEntry entry) => entry switch
    {
        { Refused: { } refused } => Unknown with { Refused = refused },
        { Reading: { } reading } => new OpPrice(reading.Milliseconds, reading.Spread, TableDevice.Measured, Taken: reading.Taken),
        _ => Unknown,
    };

    /// <param name="latest">When the newest reading of the table was taken: a fit is as old as that.</param>
    public static OpPrice Of(Prediction? prediction, DateTimeOffset? latest) => prediction is null ? Unknown : new OpPrice(prediction.Milliseconds, prediction.Spread, TableDevice.Predicted, Taken: latest);
}
