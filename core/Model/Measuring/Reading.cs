namespace Hone.Model;

/// <summary>What a node measured.</summary>
/// <param name="Milliseconds">Median time of one run.</param>
/// <param name="Spread">Median absolute deviation of the runs' blocks, milliseconds.</param>
/// <param name="Samples">Blocks that the median is of.</param>
/// <param name="Calibration">As <see cref="NodeInfo.Calibration"/>.</param>
/// <param name="Drift">How much slower the sentinel ran beside it than at its best, as a share: 0 is none.</param>
/// <param name="Marks">Why the figure is to be taken with care ("noisy", "throttled"); empty for a good one.</param>
/// <param name="SentinelMs">The sentinel's time that it is given at; null: it is as the clock had it.</param>
/// <param name="Taken">When the cluster had it, which says so; a node leaves it out.</param>
/// <param name="Notes">What was run in another way than asked for ("b1.fc1: 4-bit rows run as 8-bit codes").</param>
public sealed record Reading(
    double Milliseconds, double Spread, int Samples, string Calibration, double Drift = 0, ValueList<string> Marks = default, ValueList<string> Notes = default,
    double? SentinelMs = null, DateTimeOffset? Taken = null);
