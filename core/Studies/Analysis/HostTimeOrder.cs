using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Search;

namespace Hone.Studies.Analysis;

/// <summary>Latencies of a front's members under one host time.</summary>
/// <param name="ElementNs">e_host, nanoseconds for each element on the ARM cores.</param>
/// <param name="BlockMs">t_blk, milliseconds for each attention block.</param>
/// <param name="LatencyMs">Milliseconds, as the members stand.</param>
public sealed record HostTimeRow(double ElementNs, double BlockMs, ValueList<double> LatencyMs);

/// <summary>Whether two host times put a front's members in one order.</summary>
/// <param name="From">Index of a row of host times.</param>
/// <param name="To">Index of a later row.</param>
/// <param name="Tau">Kendall's tau-b of the two rows; null where it is undefined (one member, or all alike).</param>
/// <param name="Swapped">Ordinals of members whose order of latency turns round, in the members' order; at most <see cref="HostTimeOrder.MostSwapped"/> pairs.</param>
public sealed record HostTimeChange(int From, int To, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Tau, ValueList<ValueList<int>> Swapped);

/// <summary>A front's latencies at the host times that published designs leave open, and what becomes of its order.</summary>
public static class HostTimeOrder
{
    /// <summary>The most pairs listed for two rows.</summary>
    public const int MostSwapped = 20;

    private static readonly (int From, int To)[] Compared = [.. Enumerable.Range(1, UnknownHostTime.All.Count - 1).Select(to => (0, to)), (1, 2)];

    /// <summary>One row per host time; memory bound, engine mode, clock and all else are the device's own.</summary>
    /// <param name="device">As a study resolved it.</param>
    /// <exception cref="HoneException">The device cannot run a member.</exception>
    public static ValueList<HostTimeRow> Rows(DeviceSpec device, IReadOnlyList<Workload> members) => UnknownHostTime.All.Select(time =>
    {
        IDevice opened = DeviceCatalog.Open(At(device, time));
        return new HostTimeRow(time.ElementNs, time.BlockMs, members.Select(m => opened.Price(Schedule.Once(m)).Value("latency_ms")
            ?? throw new HoneException($"{device.Name} cannot run '{m.Key}': expected members that it has priced before")).ToValueList());
    }).ToValueList();

    /// <summary>Every later row against the first, and e_host at 0.25 against 1 ns.</summary>
    /// <param name="ordinals">Of the members.</param>
    public static ValueList<HostTimeChange> Changes(ValueList<HostTimeRow> rows, IReadOnlyList<int> ordinals) => Compared.Select(c => new HostTimeChange(
        c.From, c.To, KendallTau.Of(rows[c.From].LatencyMs.Span, rows[c.To].LatencyMs.Span), Swapped(rows[c.From].LatencyMs, rows[c.To].LatencyMs, ordinals))).ToValueList();

    private static ValueList<ValueList<int>> Swapped(ValueList<double> a, ValueList<double> b, IReadOnlyList<int> ordinals)
    {
        var pairs = new List<ValueList<int>>();
        for (int i = 0; i < ordinals.Count; i++)
            for (int j = i + 1; j < ordinals.Count && pairs.Count < MostSwapped; j++)
                if (a[i].CompareTo(a[j]) * b[i].CompareTo(b[j]) < 0) pairs.Add([ordinals[i], ordinals[j]]);
        return pairs.ToValueList();
    }

    private static DeviceSpec At(DeviceSpec device, UnknownHostTime time)
    {
        var options = (JsonObject)device.Options.DeepClone();
        (options["host_ns_per_element"], options["block_ms"]) = (time.ElementNs, time.BlockMs);
        return device with { Options = options };
    }
}
