using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>What became of a reading: it counts, or it is held back for a reason.</summary>
public sealed record QuarantineAnswer(Reading? Accepted, string? Held);
