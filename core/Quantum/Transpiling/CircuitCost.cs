using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Transpiling;

/// <summary>What running a circuit takes.</summary>
/// <param name="Depth">The longest chain of instructions; barriers and delays do not count.</param>
/// <param name="DepthWithoutFrames">The same without gates that are a change of frame (rz).</param>
/// <param name="TwoQubit">Gates on two qubits.</param>
/// <param name="Turns">Gates on one qubit that are no change of frame.</param>
/// <param name="Seconds">The longest chain in time; 0 without a calibration.</param>
/// <param name="Waiting">Seconds that qubits wait in delays, summed over qubits.</param>
/// <param name="LogError">The sum of -ln(1 - error) over gates and readouts: exp(-it) estimates the probability that nothing goes wrong.</param>
public sealed record CircuitCost(int Depth, int DepthWithoutFrames, int TwoQubit, int Turns, double Seconds, double Waiting, double LogError)
{
    /// <summary>The estimated probability that nothing goes wrong.</summary>
    public double Success => Math.Exp(-LogError);

    /// <summary>Counts a circuit on its target's qubits.</summary>
    public static CircuitCost Of(Circuit circuit, Target target)
    {
        int wires = circuit.Qubits + circuit.Bits, twoQubit = 0, turns = 0;
        int[] depth = new int[wires], bare = new int[wires];
        double[] seconds = new double[wires];
        double logError = 0, waiting = 0;
        foreach (Instruction instruction in circuit.Instructions)
        {
            if (instruction is Instruction.Barrier) continue;
            int[] on = [.. instruction.Qubits.AsEnumerable(), .. instruction.ClassicalBits().Select(b => circuit.Qubits + b)];
            bool delay = instruction is Instruction.Delay;
            bool frame = instruction is Instruction.Apply { Gate: var gate } && IsFrame(gate);
            if (instruction.Qubits.Count == 2 && !delay) twoQubit++;
            else if (instruction is Instruction.Apply or Instruction.Unitary && !frame) turns++;
            double time = Length(instruction, target.Backend);
            if (delay) waiting += time * instruction.Qubits.Count;
            logError += Error(instruction, target);
            (int d, int b, double s) = (on.Max(w => depth[w]), on.Max(w => bare[w]), on.Max(w => seconds[w]));
            foreach (int wire in on) (depth[wire], bare[wire], seconds[wire]) = (d + (delay ? 0 : 1), b + (frame || delay ? 0 : 1), s + time);
        }
        return wires == 0 ? new CircuitCost(0, 0, 0, 0, 0, 0, 0) : new CircuitCost(depth.Max(), bare.Max(), twoQubit, turns, seconds.Max(), waiting, logError);
    }

    /// <summary>A turn about z that a machine does by counting its clock anew.</summary>
    internal static bool IsFrame(Gate gate) => gate.Qubits == 1 && gate.IsDiagonal;

    /// <summary>How long an instruction takes; 0 where no calibration says.</summary>
    internal static double Length(Instruction instruction, Backend? backend) => (instruction, backend) switch
    {
        (Instruction.Delay delay, _) => delay.Samples ? delay.Duration * (backend?.SampleSeconds ?? 0) : delay.Duration,
        (_, null) => 0,
        (Instruction.Apply apply, _) => backend.Figures(apply.Gate, apply.Qubits)?.Seconds ?? 0,
        (Instruction.Measure measure, _) => backend.QubitFigures[measure.Qubit].ReadoutSeconds,
        (Instruction.When conditional, _) => Length(conditional.Body, backend),
        _ => 0,
    };

    private static double Error(Instruction instruction, Target target) => instruction switch
    {
        Instruction.Apply apply => target.Cost(apply.Gate, apply.Qubits),
        Instruction.Measure measure => target.ReadoutCost(measure.Qubit),
        Instruction.When conditional => Error(conditional.Body, target),
        _ => 0,
    };
}
