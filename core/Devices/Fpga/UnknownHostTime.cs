using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>
/// A host time that published designs do not exclude. e_host is unknown within 0 to 1 ns an element and t_blk within 0.07 to 0.30 ms a block (two published
/// pairs contradict each other), so an order of nets that these turn round is not resolved by the model.
/// </summary>
/// <param name="ElementNs">e_host, nanoseconds for each element on the ARM cores.</param>
/// <param name="BlockMs">t_blk, milliseconds for each attention block.</param>
public sealed record UnknownHostTime(double ElementNs, double BlockMs)
{
    /// <summary>Both ends of t_blk, milliseconds. [derived from published pairs]</summary>
    public static ValueList<double> BlockEndsMs { get; } = [0.07, 0.30];

    /// <summary>Engine only, e_host at 0.25 and 1 ns [proposal], t_blk at both ends: one unknown at a time.</summary>
    public static ValueList<UnknownHostTime> All { get; } = [new(0, 0), new(0.25, 0), new(1, 0), .. BlockEndsMs.Select(ms => new UnknownHostTime(0, ms))];
}
