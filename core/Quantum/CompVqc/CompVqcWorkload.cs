using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Qasm;

namespace Hone.Quantum.CompVqc;

/// <summary>A candidate as a workload. What compression saves depends on what training comes to, so before it there is the dense circuit alone.</summary>
public static class CompVqcWorkload
{
    /// <summary>The circuit before compression, at angles that no gate is short at.</summary>
    /// <param name="shots">Runs for one sample.</param>
    public static Workload Dense(VqcModel model, int shots, string key)
    {
        var chance = new Chance(0, Streams.Sampling);
        Circuit bound = model.Circuit.Bind([.. model.Circuit.Parameters.AsEnumerable().Select(_ => Math.Tau * chance.NextDouble())]);
        return Of(bound, model.Classes, shots, key);
    }

    /// <summary>A circuit without free parameters.</summary>
    /// <param name="measured">The first so many qubits are read.</param>
    public static Workload Of(Circuit circuit, int measured, int shots, string key) =>
        new(key, Mode.Infer, 1, [new Op.Circuit("circuit", "circuit", 1, Place.Accelerator, circuit.Qubits, Lines(circuit), measured, shots)]);

    private static ValueList<string> Lines(Circuit circuit)
    {
        string[] lines = QasmWriter.Write2(circuit).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Where(l => !l.StartsWith("OPENQASM", StringComparison.Ordinal) && !l.StartsWith("include", StringComparison.Ordinal) && !l.StartsWith("qreg", StringComparison.Ordinal))];
    }
}
