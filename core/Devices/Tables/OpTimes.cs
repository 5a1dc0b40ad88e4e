namespace Hone.Devices.Tables;

/// <summary>How often an operation runs in a network.</summary>
/// <param name="Key">As <see cref="OpKey"/> has it.</param>
public sealed record OpTimes(string Key, double Times);
