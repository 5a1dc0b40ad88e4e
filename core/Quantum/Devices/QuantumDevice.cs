using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Circuits;
using Hone.Quantum.Qasm;
using Hone.Quantum.Transpiling;

namespace Hone.Quantum.Devices;

/// <summary>
/// A calibrated quantum machine that prices circuits: transpiled for it, counted and timed by its calibration. Depth does not count changes of frame, which take no time; the time of
/// a circuit is that of all its shots, each with its readout.
/// </summary>
public sealed class QuantumDevice : IDevice
{
    /// <summary>What names of such devices begin with.</summary>
    public const string Prefix = "quantum/";

    /// <summary>What it says of a circuit.</summary>
    public static readonly ValueList<string> Metrics = ["latency_ms", "depth", "two_qubit_gates", "duration_us", "success"];

    private const string Uncovered = "coverage";
    private readonly TranspileOptions _options;
    private readonly Configuration _only;
    private readonly Target _target;

    public QuantumDevice(Backend machine, TranspileOptions? options = null)
    {
        (Machine, _options, _target) = (machine, options ?? new TranspileOptions(), Target.Of(machine));
        _only = new Configuration($"level {_options.Level}", $"{machine.Qubits} qubits, {string.Join(", ", machine.Basis.AsEnumerable().Select(g => g.Name))}");
    }

    public string Name => Prefix + Machine.Name;

    public Backend Machine { get; }

    public Coverage Covers(Workload workload)
    {
        foreach (Op op in workload.Ops)
        {
            if (op is not Op.Circuit circuit) return new Coverage(false, op.Id, $"expected a quantum circuit, got {op.GetType().Name.ToLowerInvariant()}");
            if (circuit.Qubits > Machine.Qubits) return new Coverage(false, op.Id, $"it has {circuit.Qubits} qubits, the machine {Machine.Qubits}");
        }
        return workload.Ops.Count == 0 ? new Coverage(false, workload.Key, "it holds no circuit") : new Coverage(true);
    }

    public IEnumerable<Configuration> Configurations(Workload workload) => Covers(workload).Complete ? [_only] : [];

    public Quote Price(Schedule schedule, Configuration? configuration = null)
    {
        if (configuration is not null && configuration.Name != _only.Name) throw new SpecException($"{Name} has no configuration '{configuration.Name}': expected '{_only.Name}', the only one");
        var costs = new List<(Op.Circuit Op, double Times, CircuitCost Cost)>();
        foreach (SchedulePart part in schedule.Parts)
        {
            if (Covers(part.Workload) is { Complete: false } no) return None($"{Name} cannot run '{no.Operation}': {no.Reason}");
            foreach (Op op in part.Workload.Ops)
                try
                {
                    costs.Add(((Op.Circuit)op, part.Times * op.Repeat, Transpiler.Run(Measured((Op.Circuit)op), _target, _options).Cost));
                }
                catch (HoneException e)
                {
                    return None($"{Name} cannot run '{op.Id}': {e.Message}");
                }
        }
        return costs.Count == 0 ? None("the schedule is empty: give it at least one workload") : Quote(costs);
    }

    /// <summary>What a circuit on the machine's own qubits costs, in so many runs.</summary>
    public ValueList<Measurement> Totals(CircuitCost cost, int shots) => Said(Milliseconds(cost, shots), cost.DepthWithoutFrames, cost.TwoQubit, cost.Seconds * 1e6, cost.LogError);

    private Quote Quote(List<(Op.Circuit Op, double Times, CircuitCost Cost)> costs)
    {
        ValueList<OpCost> ops = [.. costs.Select(c => new OpCost(c.Op.Id, c.Op.Block, c.Times * Milliseconds(c.Cost, c.Op.Shots), "ms", "shots"))];
        double Sum(Func<CircuitCost, double> of) => costs.Sum(c => c.Times * of(c.Cost));
        return new Quote(Said(ops.AsEnumerable().Sum(o => o.Value), Sum(c => c.DepthWithoutFrames), Sum(c => c.TwoQubit), Sum(c => c.Seconds) * 1e6, Sum(c => c.LogError)), ops, _only, [], Machine.Calibration);
    }

    private ValueList<Measurement> Said(double ms, double depth, double twoQubit, double us, double logError)
    {
        Measurement Of(string metric, double value, string unit) => new(metric, value, unit, Origin.Modelled, Device: Name, Calibration: Machine.Calibration);
        return [Of("latency_ms", ms, "ms"), Of("depth", depth, "1"), Of("two_qubit_gates", twoQubit, "1"), Of("duration_us", Math.Round(us, 6), "us"), Of("success", Math.Round(Math.Exp(-logError), 9), "1")];
    }

    private static double Milliseconds(CircuitCost cost, int shots) => Math.Round(cost.Seconds * 1e3 * shots, 9);

    /// <summary>The circuit with its readout.</summary>
    private static Circuit Measured(Op.Circuit op)
    {
        Circuit circuit = QasmReader.Read(string.Join('\n', ["OPENQASM 2.0;", "include \"qelib1.inc\";", $"qreg q[{op.Qubits}];", $"creg c[{Math.Max(1, op.Measured)}];", .. op.Gates.AsEnumerable()]));
        return circuit with { Instructions = [.. circuit.Instructions.AsEnumerable(), .. Enumerable.Range(0, op.Measured).Select(q => new Instruction.Measure(q, q))] };
    }

    private Quote None(string reason) => new([], [], null, [new Rejection(Uncovered, reason)], Machine.Calibration);
}
