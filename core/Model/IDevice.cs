namespace Hone.Model;

/// <summary>Whether a device can price a workload; when not, the operation that it cannot price and why.</summary>
public sealed record Coverage(bool Complete, string? Operation = null, string? Reason = null);

/// <summary>A named configuration of a device, for example one engine of an FPGA; <paramref name="Name"/> identifies it.</summary>
public sealed record Configuration(string Name, string Description);

/// <summary>What one operation costs, in the unit of the device's main metric; the costs of all operations add up to the total.</summary>
public sealed record OpCost(string Op, string Block, double Value, string Unit, string BoundBy);

/// <summary>A priced schedule: totals, costs by operation, the configuration used, or why none serves.</summary>
/// <param name="Totals">Empty when the device cannot run the schedule.</param>
/// <param name="Ops">In the workload's order.</param>
/// <param name="Used">The configuration priced.</param>
/// <param name="Why">Why faster or all configurations were turned down.</param>
/// <param name="Calibration">Version of the model or table.</param>
public sealed record Quote(ValueList<Measurement> Totals, ValueList<OpCost> Ops, Configuration? Used, ValueList<Rejection> Why, string Calibration)
{
    public double? Value(string metric)
    {
        foreach (Measurement m in Totals)
            if (m.Metric == metric) return m.Value;
        return null;
    }
}

/// <summary>Prices workloads. Pure: the same schedule and configuration always give the same quote.</summary>
public interface IDevice
{
    string Name { get; }

    Coverage Covers(Workload workload);

    /// <summary>The configurations that the device offers for this workload (a processor has one).</summary>
    IEnumerable<Configuration> Configurations(Workload workload);

    /// <summary>Prices a schedule under a configuration, or under the best that fits when none is given.</summary>
    Quote Price(Schedule schedule, Configuration? configuration = null);
}
