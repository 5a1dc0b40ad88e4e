using Hone.Model;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Transpiling;

/// <summary>
/// Lets every instruction begin as late as what comes behind it allows, and writes the waits in between as delays, so that noise counts them. A qubit
/// that nothing has happened to yet stays in its ground state and does not wait.
/// </summary>
public static class Scheduling
{
    private const double Nothing = 1e-12;   // seconds: a shorter wait is rounding

    /// <param name="circuit">On the target's places, transpiled for it.</param>
    public static Circuit Run(Circuit circuit, Target target)
    {
        double[] taken = new double[circuit.Qubits + circuit.Bits];   // [wire]: seconds between what is on it so far and the circuit's end
        var backwards = new List<Instruction>(circuit.Instructions.Count);
        foreach (Instruction instruction in circuit.Instructions.AsEnumerable().Reverse())
        {
            int[] on = [.. instruction.Qubits.AsEnumerable(), .. instruction.ClassicalBits().Select(b => circuit.Qubits + b)];
            double until = on.Max(w => taken[w]), from = until + CircuitCost.Length(instruction, target.Backend);
            foreach (int qubit in instruction.Qubits)
                if (until - taken[qubit] > Nothing) backwards.Add(new Instruction.Delay(until - taken[qubit], Samples: false, [qubit]));
            backwards.Add(instruction);
            foreach (int wire in on) taken[wire] = from;
        }
        backwards.Reverse();
        return circuit with { Instructions = backwards.ToValueList() };
    }
}
