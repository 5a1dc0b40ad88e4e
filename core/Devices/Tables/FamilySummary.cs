using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>How well a family of operations is known.</summary>
/// <param name="Entries">Measured.</param>
/// <param name="Interval">|ln(measured / predicted)| that nine in ten held-out entries keep; null: too few entries to predict anything.</param>
/// <param name="Corrected">Whether trees correct the linear model.</param>
public sealed record FamilySummary(string Family, int Entries, double? Interval, bool Corrected);
