using System.Collections.Concurrent;
using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>
/// A device priced by what its nodes measured: every operation by its reading, or by the model fitted to the readings of its family, times what networks take beside the
/// sum of their operations. Prices are modelled; the readings are not. Safe for many threads; a new table makes a new device.
/// </summary>
public sealed class TableDevice : IDevice
{
    /// <summary>Constraint of a rejection: an operation was neither measured nor can be predicted yet. Measuring it helps.</summary>
    public const string Unmeasured = "unmeasured";

    /// <summary>Constraint of a rejection: the device cannot run the workload. Measuring does not help.</summary>
    public const string Uncovered = "coverage";

    /// <summary>What an operation's cost is bound by when a reading gives it.</summary>
    public const string Measured = "measured";

    /// <summary>What an operation's cost is bound by when the model gives it.</summary>
    public const string Predicted = "predicted";

    private const int MostKept = 100_000;   // prices kept by key: more than any search space has operations

    private readonly Dictionary<string, CostEntry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, OpPrice> _prices = new(StringComparer.Ordinal);
    private readonly Configuration _only;
    private readonly DateTimeOffset? _latest;
    private int _kept;

    public TableDevice(CostTable table) : this(table, CostFit.Of(table)) { }

    /// <param name="fit">Fitted to the table, when the caller has it at hand.</param>
    public TableDevice(CostTable table, CostFit fit)
    {
        (Table, Fit) = (table, fit);
        foreach (CostEntry entry in table.Entries) if (entry is { Reading: not null } or { Refused: not null }) _entries[entry.Key] = entry;
        foreach (CostEntry entry in _entries.Values) _prices[entry.Key] = OpPrice.Of(entry);
        _latest = table.Entries.Max(e => e.Reading?.Taken);
        // Operations that networks ran and the table lost cannot be predicted from a key; the networks' own sums stand for them.
        Composition = Composition.Of(table.Networks, key => _prices.TryGetValue(key, out OpPrice? price) ? price.Milliseconds : null);
        Calibration = $"table {table.Version}, {CalibrationOf(table)}";
        _only = new Configuration("table",
            FormattableString.Invariant($"{_entries.Count} operations and {table.Networks.Count} networks measured; composition {Composition.Factor:0.###}"));
    }

    public string Name => Table.Device;

    public CostTable Table { get; }

    /// <summary>What unmeasured operations are predicted with.</summary>
    public CostFit Fit { get; }

    /// <summary>What networks take beside the sum of their operations.</summary>
    public Composition Composition { get; }

    /// <summary>The table's version and what its readings depend on; part of every quote.</summary>
    public string Calibration { get; }

    /// <summary>Incomplete when the nodes refuse an operation. One that was not measured yet is covered.</summary>
    public Coverage Covers(Workload workload) => Covers(workload, Look(workload));

    public IEnumerable<Configuration> Configurations(Workload workload) => Covers(workload).Complete ? [_only] : [];

    /// <exception cref="SpecException">The configuration is not of this device.</exception>
    public Quote Price(Schedule schedule, Configuration? configuration = null)
    {
        if (configuration is not null && configuration.Name != _only.Name)
            throw new SpecException($"{Name} has no configuration '{configuration.Name}': expected '{_only.Name}', the only one");
        if (schedule.Parts.Count == 0) return None(new Rejection(Uncovered, "the schedule is empty: give it at least one workload"));
        Looked[][] looked = [.. schedule.Parts.Select(part => Look(part.Workload))];   // (parts, operations)
        for (int p = 0; p < looked.Length; p++)
            if (Covers(schedule.Parts[p].Workload, looked[p]) is { Complete: false } no)
                return None(new Rejection(Uncovered, $"{Name} cannot run '{no.Operation}': {no.Reason}"));
        if (looked.Any(part => part.Any(o => o.Price.Milliseconds is null))) return None(MissingIn(schedule, looked));

        var ops = new List<OpCost>();
        double latency = 0;
        var spreads = new Dictionary<string, double>(StringComparer.Ordinal);   // of one operation run many times: one error, not many
        for (int p = 0; p < looked.Length; p++)
            for (int o = 0; o < looked[p].Length; o++)
            {
                (Op op, (string key, OpPrice price)) = (schedule.Parts[p].Workload.Ops[o], looked[p][o]);
                double times = op.Repeat * schedule.Parts[p].Times * Composition.Factor, ms = price.Milliseconds!.Value * times;
                ops.Add(new OpCost(op.Id, op.Block, ms, "ms", price.BoundBy));
                latency += ms;
                spreads[key] = spreads.GetValueOrDefault(key) + price.Spread * times;
            }
        double spread = Math.Sqrt(spreads.Values.Sum(s => s * s) + Square(latency * Composition.Spread));
        var time = new Measurement("latency_ms", latency, "ms", Origin.Modelled, spread, Name, Calibration, looked.Min(part => part.Min(o => o.Price.Taken)));
        ValueList<Measurement> totals = latency > 0 ? [time, Throughput.Of(time, schedule.Parts.Sum(part => part.Times * part.Workload.Batch))] : [time];
        return new Quote(totals, ops.ToValueList(), _only, [], Calibration);

        Quote None(Rejection why) => new([], [], null, [why], Calibration);
    }

    /// <summary>
    /// The workload's operations that the table has no entry for, one of each key: first those that cannot be predicted, in the workload's order, then the others, the
    /// largest share of the time first.
    /// </summary>
    public ValueList<Op> Unknown(Workload workload) => workload.Ops.Zip(Look(workload)).GroupBy(o => o.Second.Key, StringComparer.Ordinal)
        .Where(g => !_entries.ContainsKey(g.Key))
        .Select(g => (Op: g.First().First, Ms: g.First().Second.Price.Milliseconds * g.Sum(o => (double)o.First.Repeat)))
        .OrderByDescending(o => o.Ms ?? double.PositiveInfinity).Select(o => o.Op).ToValueList();

    /// <summary>
    /// The reading of this very workload, by its key and operations; null when it was not measured whole. The price does not use it: a search compares like with like.
    /// </summary>
    public Reading? Network(Workload workload)
    {
        ValueList<OpTimes>? operations = null;
        foreach (NetworkEntry network in Table.Networks)
            if (network.Key == workload.Key && network.Operations == (operations ??= NetworkEntry.OperationsOf(workload))) return network.Reading;
        return null;
    }

    private static Coverage Covers(Workload workload, Looked[] looked)
    {
        if (workload.Batch < 1) return new Coverage(false, workload.Key, $"the batch must be at least 1, got {workload.Batch}");
        if (workload.Ops.Count == 0) return new Coverage(false, workload.Key, "the workload has no operations");
        for (int o = 0; o < looked.Length; o++)
        {
            Op op = workload.Ops[o];
            if (op.Repeat < 0) return new Coverage(false, op.Id, $"repeats must not be negative, got {op.Repeat}");
            if (looked[o].Price.Refused is { } refused) return new Coverage(false, op.Id, $"{refused.Code}: {refused.Message}");
        }
        return new Coverage(true);
    }

    /// <summary>Keys and prices of the workload's operations, in its order.</summary>
    private Looked[] Look(Workload workload)
    {
        var looked = new Looked[workload.Ops.Count];
        for (int o = 0; o < looked.Length; o++)
        {
            string key = OpKey.Of(workload.Ops[o], workload);
            looked[o] = new Looked(key, PriceOf(key, workload.Ops[o], workload));
        }
        return looked;
    }

    private OpPrice PriceOf(string key, Op op, Workload of)
    {
        if (_prices.TryGetValue(key, out OpPrice? known)) return known;
        // By the plain operation, so that the first of a key to come does not decide for the others.
        OpPrice price = OpPrice.Of(Fit.Predict(PlainOp.Of(op), of), _latest);
        if (Volatile.Read(ref _kept) < MostKept && _prices.TryAdd(key, price)) Interlocked.Increment(ref _kept);
        return price;
    }

    private Rejection MissingIn(Schedule schedule, Looked[][] looked)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        int missing = 0;
        string? example = null;
        for (int p = 0; p < looked.Length; p++)
            for (int o = 0; o < looked[p].Length; o++)
            {
                if (!keys.Add(looked[p][o].Key) || looked[p][o].Price.Milliseconds is not null) continue;
                missing++;
                example ??= $"'{schedule.Parts[p].Workload.Ops[o].Id}': {looked[p][o].Key}";
            }
        return new Rejection(Unmeasured, $"{missing} of {keys.Count} operations of the workload are not measured yet on {Name} (for example {example})");
    }

    /// <summary>The calibration of most readings, and how many others there are: figures of different ones should not be in one table.</summary>
    private static string CalibrationOf(CostTable table)
    {
        string[] names = [.. table.Entries.Where(e => e.Reading is not null).GroupBy(e => e.Reading!.Calibration, StringComparer.Ordinal)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key)];
        return names.Length == 0 ? "no readings" : names.Length == 1 ? names[0] : $"{names[0]} and {names.Length - 1} other{(names.Length > 2 ? "s" : "")}";
    }

    private static double Square(double value) => value * value;

    private readonly record struct Looked(string Key, OpPrice Price);
}
