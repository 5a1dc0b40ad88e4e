using System.Numerics;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Noise;

namespace Hone.Quantum.Simulation;

/// <summary>
/// One noisy run of a circuit on a pure state, errors drawn at random as they would happen (Monte-Carlo wave functions: Dalibard, Castin,
/// Molmer, PRL 68, 580, 1992). The mean over runs is the density matrix, at 2^n amplitudes instead of 4^n.
/// </summary>
public static class Trajectory
{
    private static readonly Matrix[] Paulis = [StandardGates.Id.MatrixOf(), StandardGates.X.MatrixOf(), StandardGates.Y.MatrixOf(), StandardGates.Z.MatrixOf()];

    /// <summary>Runs the circuit once.</summary>
    /// <returns>The classical bits, read as noisily as the machine reads.</returns>
    public static long Run(Circuit circuit, NoiseModel noise, Chance chance)
    {
        var state = new ReferenceState(circuit.Qubits);
        long bits = 0;
        foreach (Instruction instruction in circuit.Instructions) Step(instruction, state, noise, chance, ref bits);
        return bits;
    }

    /// <summary>The state after the gates of a circuit and one draw of their errors.</summary>
    public static ReferenceState State(Circuit circuit, NoiseModel noise, Chance chance)
    {
        var state = new ReferenceState(circuit.Qubits);
        long bits = 0;
        foreach (Instruction instruction in circuit.Instructions) Step(instruction, state, noise, chance, ref bits);
        return state;
    }

    private static void Step(Instruction instruction, ReferenceState state, NoiseModel noise, Chance chance, ref long bits)
    {
        switch (instruction)
        {
            case Instruction.When conditional:
                if ((bits >> conditional.FirstBit & (1L << conditional.Bits) - 1) == conditional.Value) Step(conditional.Body, state, noise, chance, ref bits);
                return;
            case Instruction.Measure measure:
                bool one = Collapse(state, measure.Qubit, chance), read = chance.Happens(noise.ReadAsOne(measure.Qubit, one));
                bits = read ? bits | 1L << measure.Bit : bits & ~(1L << measure.Bit);
                return;
            case Instruction.Reset reset:
                if (Collapse(state, reset.Qubit, chance)) state.Apply(Paulis[1], [reset.Qubit]);
                return;
            case Instruction.Delay: break;
            default:
                state.Step(instruction);
                break;
        }
        if (noise.Behind(instruction) is not { } channel) return;
        Mix(state, channel.Depolarising, instruction.Qubits.Span, chance);
        for (int i = 0; i < instruction.Qubits.Count; i++) Relax(state, channel.Relaxations[i], instruction.Qubits[i], chance);
    }

    /// <summary>p I / d is one of the 4^n Pauli gates at random, with probability p.</summary>
    private static void Mix(ReferenceState state, double p, ReadOnlySpan<int> qubits, Chance chance)
    {
        if (p == 0) return;
        int all = 1 << (2 * qubits.Length);
        if (!chance.Happens(p * (all - 1) / all)) return;
        int drawn = 1 + chance.Next(all - 1);
        for (int i = 0; i < qubits.Length; i++)
            if ((drawn >> (2 * i) & 3) is > 0 and var pauli) state.Apply(Paulis[pauli], [qubits[i]]);
    }

    private static void Relax(ReferenceState state, Relaxation relaxation, int qubit, Chance chance)
    {
        if (relaxation == Relaxation.None) return;
        int bit = 1 << qubit;
        if (chance.Happens(relaxation.Damping * One(state, qubit)))
        {
            for (int i = 0; i < state.Amplitudes.Length; i++)
                if ((i & bit) == 0) (state.Amplitudes[i], state.Amplitudes[i | bit]) = (state.Amplitudes[i | bit], 0);
        }
        else
        {
            double sign = chance.Happens(relaxation.Flip) ? -1 : 1, left = sign * Math.Sqrt(1 - relaxation.Damping);
            for (int i = 0; i < state.Amplitudes.Length; i++)
                if ((i & bit) != 0) state.Amplitudes[i] *= left;
        }
        Normalise(state);
    }

    private static bool Collapse(ReferenceState state, int qubit, Chance chance)
    {
        bool one = chance.Happens(One(state, qubit));
        for (int i = 0; i < state.Amplitudes.Length; i++)
            if ((i >> qubit & 1) != (one ? 1 : 0)) state.Amplitudes[i] = 0;
        Normalise(state);
        return one;
    }

    private static double One(ReferenceState state, int qubit)
    {
        double sum = 0;
        for (int i = 0; i < state.Amplitudes.Length; i++)
            if ((i >> qubit & 1) == 1) sum += state.Amplitudes[i].Real * state.Amplitudes[i].Real + state.Amplitudes[i].Imaginary * state.Amplitudes[i].Imaginary;
        return sum;
    }

    private static void Normalise(ReferenceState state)
    {
        double norm = 0;
        foreach (Complex a in state.Amplitudes) norm += a.Real * a.Real + a.Imaginary * a.Imaginary;
        double scale = 1 / Math.Sqrt(norm);
        foreach (ref Complex a in state.Amplitudes) a *= scale;
    }
}
