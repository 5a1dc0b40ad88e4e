using System.Globalization;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Qasm;

namespace Hone.Quantum.Drawing;

/// <summary>What stands on a wire.</summary>
public enum Sign { Box, Control, Cross, Plus, Measure, Barrier }

/// <summary>A sign on a qubit's wire.</summary>
/// <param name="Text">What a box says.</param>
public readonly record struct Mark(int Qubit, Sign Sign, string Text);

/// <summary>One instruction in a column of the drawing; a line joins its marks.</summary>
public sealed record Item(int Column, ValueList<Mark> Marks)
{
    public int Top => Marks.AsEnumerable().Min(m => m.Qubit);

    public int Bottom => Marks.AsEnumerable().Max(m => m.Qubit);
}

/// <summary>A circuit as signs in columns, from which text and SVG are drawn. Each instruction stands as far left as its wires allow.</summary>
public sealed record Picture(ValueList<string> Wires, ValueList<Item> Items, int Columns)
{
    /// <summary>More instructions than anyone looks at.</summary>
    public const int MostInstructions = 20_000;

    /// <exception cref="HoneException">The circuit is too long to be looked at.</exception>
    public static Picture Of(Circuit circuit)
    {
        if (circuit.Instructions.Count > MostInstructions) throw new HoneException($"expected a circuit of at most {MostInstructions} instructions to draw, got {circuit.Instructions.Count}");
        int[] free = new int[circuit.Qubits];
        var items = new List<Item>(circuit.Instructions.Count);
        foreach (Instruction instruction in circuit.Instructions)
        {
            int top = instruction.Qubits.AsEnumerable().Min(), bottom = instruction.Qubits.AsEnumerable().Max();
            int column = free[top..(bottom + 1)].Max();
            items.Add(new Item(column, Marks(instruction, circuit).ToValueList()));
            Array.Fill(free, column + 1, top, bottom - top + 1);
        }
        return new Picture(Names(circuit.QubitRegisters), items.ToValueList(), circuit.Qubits == 0 ? 0 : free.Max());
    }

    private static IEnumerable<Mark> Marks(Instruction instruction, Circuit circuit) => instruction switch
    {
        Instruction.Apply apply => Marks(apply, circuit.Parameters),
        Instruction.Measure measure => [new Mark(measure.Qubit, Sign.Measure, $"M {Names(circuit.BitRegisters)[measure.Bit]}")],
        Instruction.Reset reset => [new Mark(reset.Qubit, Sign.Box, "|0>")],
        Instruction.Barrier barrier => barrier.Qubits.AsEnumerable().Select(q => new Mark(q, Sign.Barrier, "")),
        Instruction.Delay delay => delay.Qubits.AsEnumerable().Select(q => new Mark(q, Sign.Box, string.Create(CultureInfo.InvariantCulture, $"wait {delay.Duration:g3}{(delay.Samples ? "dt" : "s")}"))),
        Instruction.When conditional => Marks(conditional.Body, circuit).Select(m => m.Sign is Sign.Control or Sign.Barrier ? m : m with { Sign = Sign.Box, Text = $"{Condition(conditional, circuit)}? {(m.Text.Length > 0 ? m.Text : "X")}" }),
        _ => instruction.Qubits.AsEnumerable().Select((q, i) => new Mark(q, Sign.Box, $"U:{i}")),
    };

    private static IEnumerable<Mark> Marks(Instruction.Apply apply, ValueList<string> parameters)
    {
        Gate gate = apply.Gate, inner = gate.Target ?? gate;
        string angles = apply.Angles.Count == 0 ? "" : $"({string.Join(",", apply.Angles.AsEnumerable().Select(a => Short(a, parameters)))})";
        for (int i = 0; i < gate.Qubits; i++)
        {
            int place = i - gate.Controls;
            yield return new Mark(apply.Qubits[i], place < 0 ? Sign.Control : inner == StandardGates.X && gate.Controls > 0 ? Sign.Plus : inner == StandardGates.Swap ? Sign.Cross : Sign.Box,
                place < 0 || inner == StandardGates.Swap ? "" : gate.Qubits - gate.Controls > 1 && !gate.IsDiagonal ? $"{gate.Symbol}:{place}{angles}" : gate.Symbol + angles);
        }
    }

    private static string Short(Angle angle, ValueList<string> parameters)
    {
        string text = AngleText.Of(angle, parameters);
        return !angle.IsConstant || text.Contains("pi", StringComparison.Ordinal) ? text.Replace("pi", "π", StringComparison.Ordinal).Replace("*", "", StringComparison.Ordinal) : angle.Offset.ToString("0.###", CultureInfo.InvariantCulture);
    }

    private static string Condition(Instruction.When conditional, Circuit circuit)
    {
        Register register = circuit.BitRegisters.AsEnumerable().Last(r => r.First <= conditional.FirstBit);
        int first = conditional.FirstBit - register.First;
        string part = conditional.Bits == register.Size ? "" : conditional.Bits == 1 ? $"[{first}]" : $"[{first}:{first + conditional.Bits - 1}]";
        return $"{register.Name}{part}={conditional.Value}";
    }

    private static ValueList<string> Names(ValueList<Register> registers) =>
        [.. registers.AsEnumerable().SelectMany(r => Enumerable.Range(0, r.Size).Select(i => r.Name == "$" ? $"${i}" : r.Size == 1 ? r.Name : $"{r.Name}[{i}]"))];
}
