using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Transpiling;

/// <summary>Spells gates on three or more qubits out until all are on one or two.</summary>
public static class Unroll
{
    public static Circuit Run(Circuit circuit)
    {
        var steps = new List<Instruction>(circuit.Instructions.Count);
        Angle phase = circuit.Phase;
        foreach (Instruction instruction in circuit.Instructions) phase += Spell(instruction, steps);
        return circuit with { Instructions = [.. steps], Phase = phase };
    }

    private static Angle Spell(Instruction instruction, List<Instruction> steps)
    {
        switch (instruction)
        {
            case Instruction.Apply { Gate: { Qubits: > 2, Definition: { } definition } } apply:
                Fragment made = Fragment.Of(definition, apply.Angles, apply.Qubits);
                Angle phase = made.Phase;
                foreach (Instruction step in made.Steps) phase += Spell(step, steps);
                return phase;
            case Instruction.When conditional:
                var body = new List<Instruction>();
                Spell(conditional.Body, body);
                steps.AddRange(body.Select(b => conditional with { Body = b, Qubits = b.Qubits }));
                return 0;
            case Instruction.Unitary { Matrix.Qubits: > 2 } unitary:
                throw new Model.HoneException($"a unitary on {unitary.Matrix.Qubits} qubits is not made of smaller gates here: give it as gates on one and two qubits");
            default:
                steps.Add(instruction);
                return 0;
        }
    }
}
