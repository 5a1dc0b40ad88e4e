namespace Hone.Model;

/// <summary>What a calibration measures.</summary>
/// <param name="Spec">A study in canonical JSON: its space says which shapes, formats and functions matter.</param>
/// <param name="Operations">Operations of the designed grid.</param>
/// <param name="Networks">Networks that are predicted first and measured then; a third as many more are measured before, to learn what networks take beside the sum of their operations.</param>
/// <param name="Again">Whether what is known is measured anew and held against what it was.</param>
public sealed record CalibrationRequest(string Spec, int Operations = 150, int Networks = 20, bool Again = false);

/// <summary>How far a calibration is.</summary>
/// <param name="Stage">What is being measured, in a few words.</param>
/// <param name="Waits">What it waits for; null when nothing.</param>
/// <param name="Outcome">Once it is over.</param>
/// <param name="Error">Why it cannot be carried out, or cannot go on.</param>
/// <param name="ExitCode">2: the request is wrong.</param>
public sealed record CalibrationProgress(string Stage, int Done, int All, string? Waits = null, CalibrationOutcome? Outcome = null, string? Error = null, int ExitCode = 0)
{
    public static CalibrationProgress Refused(HoneException why) => new("", 0, 0, Error: why.Message, ExitCode: why is SpecException ? 2 : 1);
}

/// <summary>What a device's table is worth.</summary>
/// <param name="Operations">In the table.</param>
/// <param name="MapePercent">Mean absolute error of operations predicted without themselves, percent; null of fewer than three.</param>
/// <param name="KendallTau">Rank correlation of these predictions with the readings.</param>
/// <param name="WithinPercent">Of them inside their 90 % interval.</param>
/// <param name="Families">The same by kind of operation.</param>
/// <param name="Worst">Operations, the largest error first.</param>
/// <param name="Factor">What networks take beside the sum of their operations.</param>
/// <param name="Networks">Networks predicted before they were measured.</param>
/// <param name="NetworkErrorPercent">Median of their absolute errors.</param>
/// <param name="Repeat">Beside an earlier calibration.</param>
/// <param name="Marked">Readings that are marked noisy or throttled.</param>
public sealed record CalibrationOutcome(
    string Device, string Calibration, int Version, int Operations, double? MapePercent, double? KendallTau, double? WithinPercent, ValueList<FamilyOutcome> Families,
    ValueList<PredictedCase> Worst, double Factor, ValueList<PredictedCase> Networks, double? NetworkErrorPercent, RepeatOutcome? Repeat, int Marked);

/// <summary>A kind of operation.</summary>
public sealed record FamilyOutcome(string Family, int Operations, double? MapePercent);

/// <summary>A prediction beside the reading, milliseconds.</summary>
/// <param name="Spread">Of the reading.</param>
public sealed record PredictedCase(string Name, double Predicted, double Measured, double Spread)
{
    /// <summary>Signed, percent of the measured time.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double ErrorPercent => 100 * (Predicted / Measured - 1);
}

/// <summary>Readings of the same operations at two times.</summary>
/// <param name="MedianPercent">Median of the absolute differences.</param>
/// <param name="P95Percent">Below which 95 % of them lie.</param>
/// <param name="BiasPercent">Median of the signed ones: the second reading over the first.</param>
public sealed record RepeatOutcome(int Operations, double MedianPercent, double P95Percent, double BiasPercent);
