using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Simulation;
using Hone.Quantum.Synthesis;

namespace Hone.Quantum.Transpiling;

/// <summary>
/// Takes runs of gates on the same two qubits together and makes them anew of the fewest two-qubit gates, where that is fewer than it has.
/// </summary>
public sealed class BlockResynthesis(Target target)
{
    private const double Turn = 0.1;   // what a gate on one qubit weighs beside one on two
    private readonly BasisTranslation _translation = new(target);
    private readonly OneQubitResynthesis _single = new(target);

    public Circuit Run(Circuit circuit)
    {
        var steps = new List<Instruction>(circuit.Instructions.Count);
        var open = new Block?[circuit.Qubits];
        var alone = new List<Instruction>[circuit.Qubits];   // gates on one qubit that no block has taken yet
        for (int q = 0; q < alone.Length; q++) alone[q] = [];
        Angle phase = circuit.Phase;
        foreach (Instruction instruction in circuit.Instructions)
        {
            if (IsFixed(instruction) && instruction.Qubits.Count == 1)
            {
                int qubit = instruction.Qubits[0];
                if (open[qubit] is { } block) block.Steps.Add(instruction);
                else alone[qubit].Add(instruction);
            }
            else if (IsFixed(instruction) && instruction.Qubits.Count == 2) Pair(instruction, open, alone, steps, ref phase);
            else
            {
                foreach (int qubit in instruction.Qubits) Close(qubit, open, alone, steps, ref phase);
                steps.Add(instruction);
            }
        }
        for (int qubit = 0; qubit < open.Length; qubit++) Close(qubit, open, alone, steps, ref phase);
        return circuit with { Instructions = [.. steps], Phase = phase };
    }

    private sealed record Block(int First, int Second, List<Instruction> Steps);

    private void Pair(Instruction instruction, Block?[] open, List<Instruction>[] alone, List<Instruction> steps, ref Angle phase)
    {
        (int a, int b) = (instruction.Qubits[0], instruction.Qubits[1]);
        if (open[a] is null || open[a] != open[b])
        {
            foreach (int qubit in instruction.Qubits)
                if (open[qubit] is not null) Close(qubit, open, alone, steps, ref phase);
            open[a] = open[b] = new Block(a, b, [.. alone[a], .. alone[b]]);
            alone[a].Clear();
            alone[b].Clear();
        }
        open[a]!.Steps.Add(instruction);
    }

    private void Close(int qubit, Block?[] open, List<Instruction>[] alone, List<Instruction> steps, ref Angle phase)
    {
        if (open[qubit] is { } block)
        {
            Fragment better = Better(block);
            steps.AddRange(better.Steps);
            phase += better.Phase;
            open[block.First] = open[block.Second] = null;
        }
        steps.AddRange(alone[qubit]);
        alone[qubit].Clear();
    }

    private Fragment Better(Block block)
    {
        if (block.Steps.Count(s => s.Qubits.Count == 2) < 2) return new Fragment(block.Steps, 0);
        int qubits = Math.Max(block.First, block.Second) + 1;
        Circuit old = _single.Run(_translation.Run(Circuit.Of(qubits, block.Steps)));
        Instruction[] local = [.. block.Steps.Select(s => Moved(s, q => q == block.First ? 0 : 1))];
        Matrix unitary = ReferenceState.UnitaryOf(Circuit.Of(2, local));
        if (WeylDecomposition.Of(unitary).CxCount() >= old.Instructions.AsEnumerable().Count(i => i.Qubits.Count == 2)) return new Fragment(block.Steps, 0);
        Fragment made = TwoQubitSynthesis.Of(unitary, block.First, block.Second, target.Entangler);
        Circuit anew = _single.Run(_translation.Run(Circuit.Of(qubits, made.Steps) with { Phase = made.Phase }));
        return Cost(anew) < Cost(old) - 1e-9 ? new Fragment([.. anew.Instructions.AsEnumerable()], anew.Phase) : new Fragment(block.Steps, 0);
    }

    private static double Cost(Circuit circuit) => circuit.Instructions.AsEnumerable().Sum(i => i.Qubits.Count == 2 ? 1 : i is Instruction.Apply { Gate.IsDiagonal: true } ? 0 : Turn);

    private static bool IsFixed(Instruction instruction) => instruction switch
    {
        Instruction.Unitary unitary => unitary.Qubits.Count <= 2,
        Instruction.Apply apply => apply.IsConstant,
        _ => false,
    };

    private static Instruction Moved(Instruction instruction, Func<int, int> to) => instruction switch
    {
        Instruction.Apply apply => apply with { Qubits = apply.Qubits.AsEnumerable().Select(to).ToValueList() },
        Instruction.Unitary unitary => unitary with { Qubits = unitary.Qubits.AsEnumerable().Select(to).ToValueList() },
        _ => throw new ArgumentException($"expected gates, got {instruction.GetType().Name}"),
    };
}
