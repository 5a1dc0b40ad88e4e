using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>Latencies of a front under one host time.</summary>
/// <param name="ElementNs">e_host, nanoseconds per element on the ARM cores.</param>
/// <param name="LatencyMs">Per workload, in the order given.</param>
public sealed record HostTimeLatencies(double ElementNs, ValueList<double> LatencyMs);

/// <summary>
/// A front priced at host times of 0, 0.25 and 1 ns per element. The host time is unknown, so an order of members that it turns round is
/// not resolved by the model; count the changes with Kendall's tau between the rows.
/// </summary>
public static class HostTimeOrder
{
    /// <summary>The ends of what published designs leave open, and a point between. [proposal]</summary>
    public static ValueList<double> ElementNs { get; } = [0, 0.25, 1];

    /// <summary>One row per host time; all else is the board's, and every workload runs on its fastest engine that fits.</summary>
    /// <param name="engine">The one engine for all, where there is one.</param>
    /// <exception cref="HoneException">A workload is not covered, or no engine fits it.</exception>
    public static ValueList<HostTimeLatencies> Of(Board board, IReadOnlyList<Workload> front, FixedEngine? engine = null) => ElementNs.Select(ns =>
    {
        var device = new FpgaDevice(board with { Host = board.Host with { ElementNs = ns } }, engine);
        return new HostTimeLatencies(ns, front.Select(w => device.Best(w) is { } best ? best.LatencyMs
            : throw new HoneException($"no engine of {device.Name} fits '{w.Key}': expected workloads that were priced before")).ToValueList());
    }).ToValueList();
}
