using Hone.Model;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Backends;

/// <summary>What is known of a qubit.</summary>
/// <param name="T1">Relaxation time, seconds.</param>
/// <param name="T2">Dephasing time, seconds; calibrations may say more than the 2 T1 that physics allows.</param>
/// <param name="OneForZero">The probability that a qubit in |0> is read as 1.</param>
/// <param name="ZeroForOne">The probability that a qubit in |1> is read as 0.</param>
/// <param name="ReadoutSeconds">How long reading takes.</param>
public sealed record QubitFigures(double T1, double T2, double OneForZero, double ZeroForOne, double ReadoutSeconds);

/// <summary>What is known of a gate on certain qubits.</summary>
/// <param name="Error">1 - average gate fidelity; 1 or more: the gate does not work there.</param>
/// <param name="Seconds">How long it takes; 0 for gates that are a change of frame.</param>
public sealed record GateFigures(Gate Gate, ValueList<int> Qubits, double Error, double Seconds);

/// <summary>A quantum machine as a transpiler, a noise model and a device see it.</summary>
/// <param name="Basis">The gates that it runs.</param>
/// <param name="Coupling">Pairs that its two-qubit gate works on, in the gate's order; pairs where it does not work are left out.</param>
/// <param name="Calibration">Names the calibration: version and date.</param>
/// <param name="Notes">What the files lacked and what was taken in its place; pairs that were left out.</param>
public sealed record Backend(
    string Name, string Calibration, ValueList<Gate> Basis, ValueList<(int First, int Second)> Coupling,
    ValueList<QubitFigures> QubitFigures, ValueList<GateFigures> GateFigures, double SampleSeconds, ValueList<string> Notes)
{
    private Dictionary<(Gate, int, int), GateFigures>? _figures;   // of this record's own figures: a copy makes its own

    public int Qubits => QubitFigures.Count;

    /// <summary>The gate on two qubits that it runs.</summary>
    public Gate Entangler => Basis.AsEnumerable().First(g => g.Qubits == 2);

    /// <summary>What is known of a gate on these qubits; null if it does not run there.</summary>
    public GateFigures? Figures(Gate gate, ValueList<int> qubits) =>
        (_figures ??= GateFigures.AsEnumerable().ToDictionary(f => (f.Gate, f.Qubits[0], f.Qubits.Count > 1 ? f.Qubits[1] : -1)))
            .GetValueOrDefault((gate, qubits[0], qubits.Count > 1 ? qubits[1] : -1));

    /// <summary>
    /// A part of the machine, its qubits numbered anew: connected, and grown from each qubit in turn by the neighbour that errs least (its readout and the best pair that
    /// leads to it); of these the part that errs least. The same machine always gives the same part.
    /// </summary>
    /// <param name="qubits">How many; the whole machine where it has no more.</param>
    /// <exception cref="HoneException">No so many qubits hang together.</exception>
    public Backend Part(int qubits)
    {
        if (qubits >= Qubits) return this;
        List<int>? best = null;
        double least = double.PositiveInfinity;
        for (int start = 0; start < Qubits; start++)
        {
            var grown = new List<int> { start };
            double sum = ReadoutError(start);
            while (grown.Count < qubits)
            {
                var next = Coupling.AsEnumerable().Where(p => grown.Contains(p.First) != grown.Contains(p.Second))
                    .Select(p => (Qubit: grown.Contains(p.First) ? p.Second : p.First, Error: Figures(Entangler, [p.First, p.Second])!.Error))
                    .Select(p => (p.Qubit, Error: p.Error + ReadoutError(p.Qubit))).OrderBy(p => p.Error).ThenBy(p => p.Qubit).ToArray();
                if (next.Length == 0) break;
                grown.Add(next[0].Qubit);
                sum += next[0].Error;
            }
            if (grown.Count == qubits && sum < least) (best, least) = (grown, sum);
        }
        if (best is null) throw new HoneException($"expected {qubits} qubits of {Name} that hang together, got none");
        int[] kept = [.. best.Order()];
        int New(int old) => Array.IndexOf(kept, old);
        return this with
        {
            _figures = null, Coupling = [.. Coupling.AsEnumerable().Where(p => kept.Contains(p.First) && kept.Contains(p.Second)).Select(p => (New(p.First), New(p.Second)))],
            QubitFigures = [.. kept.Select(q => QubitFigures[q])],
            GateFigures = [.. GateFigures.AsEnumerable().Where(f => f.Qubits.AsEnumerable().All(kept.Contains)).Select(f => f with { Qubits = [.. f.Qubits.AsEnumerable().Select(New)] })],
            Notes = [.. Notes.AsEnumerable(), $"the part of qubits {string.Join(", ", kept)}"],
        };
    }

    private double ReadoutError(int qubit) => (QubitFigures[qubit].OneForZero + QubitFigures[qubit].ZeroForOne) / 2;

    public bool Equals(Backend? other) => other is not null && (Name, Calibration, Basis, Coupling, QubitFigures, GateFigures, SampleSeconds, Notes)
        .Equals((other.Name, other.Calibration, other.Basis, other.Coupling, other.QubitFigures, other.GateFigures, other.SampleSeconds, other.Notes));

    public override int GetHashCode() => HashCode.Combine(Name, Calibration, Coupling);
}
