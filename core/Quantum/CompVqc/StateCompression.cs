using System.Numerics;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Simulation;
using Hone.Quantum.Transpiling;

namespace Hone.Quantum.CompVqc;

/// <summary>A compressed circuit.</summary>
/// <param name="Fidelity">|overlap|^2 of what both make of |0..0>.</param>
/// <param name="Rate">The share of the angles that stand at levels.</param>
public sealed record CompressedCircuit(Circuit Circuit, double Fidelity, double Rate);

/// <summary>
/// Compresses a circuit that has its angles in place, without data: the state that it makes of |0..0> is what counts. The loss is the mean over qubits of
/// (1 - Z) / 2 behind the circuit and the original's inverse, which is 0 where and only where the states are one (a local cost: Cerezo et al., arXiv 2001.00550).
/// </summary>
public sealed class StateCompression
{
    private static readonly double[] Rates = [.. Enumerable.Range(1, 20).Select(i => i / 20.0)];
    private readonly Circuit _circuit;   // gates alone
    private readonly Circuit _open;      // the same with a parameter for each angle
    private readonly ValueList<(Gate Gate, int Angle)> _parameters;
    private readonly double[] _start;
    private readonly Target _target;
    private readonly CompVqcConfig _config;
    private readonly StateTraining _training;

    /// <param name="circuit">Gates, and maybe measurements at its end.</param>
    /// <param name="target">Whose gates make the compression table.</param>
    /// <exception cref="HoneException">It has free parameters, or does more than gates before it is measured.</exception>
    public StateCompression(Circuit circuit, Target target, CompVqcConfig config)
    {
        if (circuit.Parameters.Count > 0) throw new HoneException($"expected a circuit with all its angles in place, got {circuit.Parameters.Count} free parameters");
        int gates = circuit.Instructions.AsEnumerable().TakeWhile(i => i is not Instruction.Measure).Count();
        if (circuit.Instructions.AsEnumerable().Skip(gates).FirstOrDefault(i => i is not (Instruction.Measure or Instruction.Barrier)) is { } late)
            throw new HoneException($"expected measurements at the circuit's end alone, got {late} behind one");
        if (circuit.Instructions.AsEnumerable().Take(gates).FirstOrDefault(i => i is not (Instruction.Apply or Instruction.Barrier)) is { } other)
            throw new HoneException($"expected gates, got {other.GetType().Name.ToLowerInvariant()}: only circuits of gates can be compressed");
        (_target, _config) = (target, config);
        _circuit = circuit with { BitRegisters = [], Instructions = [.. circuit.Instructions.AsEnumerable().Take(gates).Where(i => i is not Instruction.Barrier)] };
        var parameters = new List<(Gate, int)>();
        var start = new List<double>();
        Instruction Open(Instruction.Apply apply)
        {
            Angle[] angles = [.. apply.Angles.AsEnumerable().Select((angle, i) =>
            {
                parameters.Add((apply.Gate, i));
                start.Add(angle.Offset);
                return Angle.Of(start.Count - 1);
            })];
            return apply with { Angles = [.. angles] };
        }
        Instruction[] open = [.. _circuit.Instructions.AsEnumerable().Cast<Instruction.Apply>().Select(Open)];
        (_parameters, _start) = ([.. parameters], [.. start]);
        _open = _circuit with { Parameters = [.. start.Select((_, i) => $"w{i}")], Instructions = [.. open] };
        _training = new StateTraining(_open with { Instructions = [.. open, .. Inverse(_circuit)] }, config);
    }

    /// <summary>How many angles it has.</summary>
    public int Angles => _start.Length;

    /// <summary>Compresses so many of the angles.</summary>
    /// <param name="rate">Share of the angles.</param>
    public CompressedCircuit At(double rate, VqcWay way = VqcWay.Admm)
    {
        var table = new CompressionTable(_parameters.AsEnumerable().Select(p => p.Gate), _target.Basis, new TranspileOptions());
        var snapping = new Snapping(way.Rule(), _parameters, table, GateWeights.Flat(_start.Length, _config.TwoQubitWeight), _config.ScoreFloor);
        double[] weights = new Compression(_training, snapping, _config, way.Schedule(), (int)Math.Round(rate * _start.Length)).Run(new VqcState(_start, 0)).Training.Weights;
        Circuit made = Cancellation.Run(_open.Bind(weights));   // turns by nothing go
        return new CompressedCircuit(made, Fidelity(_circuit, made), rate);
    }

    /// <summary>The cheapest on the target (by error, or by gates on two qubits without a calibration) of growing rates whose state is still so close to the circuit's own.</summary>
    /// <returns>Null where no rate keeps that fidelity.</returns>
    public CompressedCircuit? Keeping(double fidelity, VqcWay way = VqcWay.Admm) => _start.Length == 0 ? null : Rates.Select(rate => At(rate, way)).Where(c => c.Fidelity >= fidelity).MinBy(c => Cost(c.Circuit));

    private (double, int) Cost(Circuit circuit)
    {
        CircuitCost cost = Transpiler.Run(circuit, _target).Cost;
        return (_target.Backend is null ? cost.TwoQubit : cost.LogError, cost.DepthWithoutFrames);
    }

    private static double Fidelity(Circuit a, Circuit b)
    {
        ReferenceState left = ReferenceState.Of(a), right = ReferenceState.Of(b);
        Complex overlap = 0;
        for (int i = 0; i < left.Amplitudes.Length; i++) overlap += Complex.Conjugate(left.Amplitudes[i]) * right.Amplitudes[i];
        return Math.Min(1, overlap.Real * overlap.Real + overlap.Imaginary * overlap.Imaginary);
    }

    private static IEnumerable<Instruction> Inverse(Circuit circuit) => new Fragment([.. circuit.Instructions.AsEnumerable()], 0).Inverse().Steps;

    /// <summary>Brings a circuit's state to |0..0>.</summary>
    private sealed class StateTraining(Circuit circuit, CompVqcConfig config) : ITraining
    {
        private readonly CircuitEngine _engine = new(circuit, 0);

        public VqcState Run(VqcState state, int steps, double rate, bool[]? frozen = null, Pull? pull = null) => state with
        {
            Weights = Adam.Run(state.Weights, steps, rate, config, frozen, pull, (weights, gradient) => _engine.Gradient([], weights, 1, Loss, gradient)),
        };

        private static double Loss(int sample, ReadOnlySpan<double> z, Span<double> slopes)
        {
            double sum = 0;
            foreach (double value in z) sum += (1 - value) / 2;
            slopes.Fill(-0.5 / z.Length);
            return sum / z.Length;
        }
    }
}
