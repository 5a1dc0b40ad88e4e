using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Noise;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>A step of a noisy circuit: a gate's, or what goes wrong behind it.</summary>
internal abstract record NoisyStep
{
    /// <summary>A turn, controlled turn, flip or parity.</summary>
    public sealed record Gate(Step Step) : NoisyStep;

    /// <summary>
    /// A channel of one qubit: of its four entries r00' = a r00 + b r11, r11' = c r00 + d r11, and both others times e.
    /// </summary>
    public sealed record Single(int Qubit, double A, double B, double C, double D, double E) : NoisyStep
    {
        /// <summary>Depolarising, then relaxation.</summary>
        public static Single Of(int qubit, double p, Relaxation relaxation)
        {
            double stay = 1 - p / 2, cross = p / 2, g = relaxation.Damping;
            return new Single(qubit, stay + g * cross, cross + g * stay, (1 - g) * cross, (1 - g) * stay, (1 - p) * relaxation.Coherence);
        }

        /// <summary>This one, then another of the same qubit.</summary>
        public Single Then(Single next) => new(Qubit, next.A * A + next.B * C, next.A * B + next.B * D, next.C * A + next.D * C, next.C * B + next.D * D, next.E * E);
    }

    /// <summary>Two qubits depolarised: rho -> (1 - p) rho + p I / 4.</summary>
    public sealed record Pair(int First, int Second, double P) : NoisyStep;
}

/// <summary>
/// A circuit on a noisy machine made ready for the fast engine, on those of the machine's qubits alone that something happens to.
/// </summary>
internal sealed class NoisyPlan
{
    private readonly List<NoisyStep> _steps = [];
    private readonly Dictionary<int, int> _place = [];   // machine's qubit -> the engine's
    private readonly Step?[] _open;

    /// <exception cref="HoneException">The circuit does more than gates, or was not transpiled for the machine.</exception>
    public NoisyPlan(Circuit circuit, NoiseModel noise, IEnumerable<int> read)
    {
        Parameters = circuit.Parameters.Count;
        foreach (int qubit in circuit.Instructions.AsEnumerable().Where(i => i is not Instruction.Barrier).SelectMany(i => i.Qubits.AsEnumerable()).Concat(read).Distinct().Order())
            _place[qubit] = _place.Count;
        _open = new Step?[_place.Count];
        foreach (Instruction instruction in circuit.Instructions)
        {
            if (instruction is Instruction.Barrier) continue;
            if (instruction is not Instruction.Delay) Gates(instruction, circuit);
            if (noise.Behind(instruction) is { } channel) Errs(instruction, channel);
        }
    }

    public int Qubits => _place.Count;

    public int Parameters { get; }

    public IReadOnlyList<NoisyStep> Steps => _steps;

    /// <summary>The engine's qubit for one of the machine.</summary>
    public int Place(int qubit) => _place[qubit];

    private void Gates(Instruction instruction, Circuit circuit)
    {
        foreach (Step step in Plan.Of(circuit with { Instructions = [instruction] }).Steps)
        {
            var moved = new Step(step.Kind, _place[step.Qubit], step.Other < 0 ? -1 : _place[step.Other], [.. step.Factors]);
            if (moved.Kind == StepKind.Turn && _open[moved.Qubit] is { } open)
            {
                open.Factors.AddRange(moved.Factors);
                continue;
            }
            _steps.Add(new NoisyStep.Gate(moved));
            _open[moved.Qubit] = moved.Kind == StepKind.Turn ? moved : null;
            if (moved.Other >= 0) _open[moved.Other] = null;
        }
    }

    private void Errs(Instruction instruction, Channel channel)
    {
        int[] on = [.. instruction.Qubits.AsEnumerable().Select(q => _place[q])];
        foreach (int qubit in on) _open[qubit] = null;
        if (on.Length == 2 && channel.Depolarising != 0) _steps.Add(new NoisyStep.Pair(on[0], on[1], channel.Depolarising));
        for (int i = 0; i < on.Length; i++)
        {
            NoisyStep.Single single = NoisyStep.Single.Of(on[i], on.Length == 1 ? channel.Depolarising : 0, channel.Relaxations[i]);
            int last = _steps.FindLastIndex(s => Touches(s, on[i]));
            if (last >= 0 && _steps[last] is NoisyStep.Single before) _steps[last] = before.Then(single);   // a wait behind a gate's own relaxation
            else _steps.Add(single);
        }
    }

    private static bool Touches(NoisyStep step, int qubit) => step switch
    {
        NoisyStep.Gate gate => gate.Step.Qubit == qubit || gate.Step.Other == qubit,
        NoisyStep.Single single => single.Qubit == qubit,
        _ => ((NoisyStep.Pair)step).First == qubit || ((NoisyStep.Pair)step).Second == qubit,
    };
}
