using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Transpiling;

namespace Hone.Quantum.CompVqc;

/// <summary>What a gate costs at an angle.</summary>
/// <param name="Quarters">The angle in quarter turns; -1: any angle.</param>
/// <param name="TwoQubit">Gates on two qubits that it saves beside any angle.</param>
/// <param name="Turns">Gates on one qubit, changes of frame not counted, that it saves; below 0: it takes more.</param>
public sealed record CompressionRow(Gate Gate, int Angle, int Quarters, CircuitCost Cost, int TwoQubit, int Turns)
{
    /// <summary>What is saved is worth.</summary>
    public double Saved(GateWeight weight) => weight.TwoQubit * TwoQubit + weight.Turn * Turns;

    /// <summary>Radians.</summary>
    public double Value => Quarters * Math.PI / 2;
}

/// <summary>
/// Which angles shorten a gate, and by how much, measured by the transpiler that will make the whole circuit, at the same level, for the
/// machine's own gates. Never by depth: crz(pi) on a cx machine is deeper than crz, and cheaper.
/// </summary>
public sealed class CompressionTable
{
    private static readonly double[] Generic = [0.7312, 1.1389, 2.0177, 0.4423];   // angles that no gate is short at
    private readonly Dictionary<(Gate, int), CompressionRow[]> _levels = [];

    /// <summary>Measures the gates that a circuit's trained part is made of.</summary>
    /// <param name="basis">The machine's gates.</param>
    public CompressionTable(IEnumerable<Gate> gates, ValueList<Gate> basis, TranspileOptions options)
    {
        var rows = new List<CompressionRow>();
        foreach (Gate gate in gates.Distinct().Where(g => g.Parameters.Count > 0))
            for (int angle = 0; angle < gate.Parameters.Count; angle++)
            {
                CircuitCost any = Cost(gate, angle, Generic[angle], basis, options);
                rows.Add(new CompressionRow(gate, angle, -1, any, 0, 0));
                var levels = new List<CompressionRow>();
                for (int quarters = 0; quarters < 2 * gate.Parameters[angle].PeriodUpToPhase; quarters++)
                {
                    CircuitCost cost = Cost(gate, angle, quarters * Math.PI / 2, basis, options);
                    var row = new CompressionRow(gate, angle, quarters, cost, any.TwoQubit - cost.TwoQubit, any.Turns - cost.Turns);
                    rows.Add(row);
                    if (IsLevel(gate, row)) levels.Add(row);
                }
                _levels[(gate, angle)] = [.. levels];
            }
        Rows = rows.ToValueList();
    }

    /// <summary>All that was measured.</summary>
    public ValueList<CompressionRow> Rows { get; }

    /// <summary>The admissible angle nearest to this one, and how far it is, periods counted; null for a gate without any.</summary>
    public (CompressionRow Level, double Distance)? Nearest(Gate gate, int angle, double value)
    {
        double period = gate.Parameters[angle].PeriodUpToPhase * Math.PI;
        (CompressionRow, double)? best = null;
        foreach (CompressionRow level in _levels[(gate, angle)])
        {
            double distance = Math.Abs(Math.IEEERemainder(value - level.Value, period));
            if (best is null || distance < best.Value.Item2) best = (level, distance);
        }
        return best;
    }

    /// <summary>
    /// Single-qubit rotations may stand at any quarter turn (a turn about z costs nothing anywhere, but at a quarter it lets its neighbours
    /// merge); of gates on two qubits only angles that save a two-qubit gate.
    /// </summary>
    private static bool IsLevel(Gate gate, CompressionRow row) => gate.Qubits == 1 || row.TwoQubit > 0;

    private static CircuitCost Cost(Gate gate, int angle, double value, ValueList<Gate> basis, TranspileOptions options)
    {
        Angle[] angles = [.. Enumerable.Range(0, gate.Parameters.Count).Select(i => (Angle)(i == angle ? value : Generic[i]))];
        Circuit alone = Circuit.Of(gate.Qubits, [new Instruction.Apply(gate, [.. angles], [.. Enumerable.Range(0, gate.Qubits)])]);
        return Transpiler.Run(alone, Target.Of(gate.Qubits, basis), options).Cost;
    }
}
