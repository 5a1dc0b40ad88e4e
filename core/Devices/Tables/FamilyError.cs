namespace Hone.Devices.Tables;

/// <summary>How well the operations of a family are predicted when they are held out.</summary>
/// <param name="Entries">With a reading.</param>
/// <param name="MapePercent">Mean absolute error, percent of the measured times; null of fewer than three.</param>
public sealed record FamilyError(string Family, int Entries, int Predicted, double? MapePercent);
