using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>How well a device's table predicts operations that were held out. There is no mean, and no rank correlation, of fewer than three.</summary>
/// <param name="Entries">Operations with a reading.</param>
/// <param name="Predicted">Of these, as many as could be predicted without themselves.</param>
/// <param name="MapePercent">Mean absolute error, percent of the measured times.</param>
/// <param name="BiasPercent">Mean signed error.</param>
/// <param name="KendallTau">Tau-b of measured and predicted times.</param>
/// <param name="WithinPercent">Cases inside their 90 % interval, percent.</param>
/// <param name="Families">The same by family, in the order of their names.</param>
/// <param name="Worst">Up to five, the largest error first.</param>
public sealed record CalibrationReport(
    string Device, int Version, int Entries, int Predicted, double? MapePercent, double? BiasPercent, double? KendallTau, double? WithinPercent,
    ValueList<FamilyError> Families, ValueList<HeldOutCase> Worst);
