using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>A reading that is held back.</summary>
/// <param name="Why">What made it suspicious.</param>
public sealed record PendingReading(string Key, Reading Reading, string Why);
