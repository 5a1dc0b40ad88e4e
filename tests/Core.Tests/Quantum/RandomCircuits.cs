using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Core.Tests.Quantum;

/// <summary>Circuits drawn at random, for tests that hold for all circuits.</summary>
internal static class RandomCircuits
{
    /// <summary>Gates of the table on random qubits, with special and generic angles.</summary>
    /// <param name="parameters">Free parameters p0, p1, ... that some angles refer to.</param>
    public static Circuit Draw(ulong seed, int qubits, int gates, int parameters = 0, Func<Gate, bool>? only = null)
    {
        var chance = new Chance(seed, Streams.Sampling);
        Gate[] choice = [.. StandardGates.All.AsEnumerable().Where(g => g.Qubits <= qubits && (only?.Invoke(g) ?? true))];
        Circuit circuit = Circuit.Of(qubits, Enumerable.Range(0, gates).Select(_ => Step(chance, choice, qubits, parameters)));
        return circuit with { Parameters = Enumerable.Range(0, parameters).Select(p => $"p{p}").ToValueList(), Phase = Constant(chance) };
    }

    private static Instruction Step(Chance chance, Gate[] choice, int qubits, int parameters)
    {
        Gate gate = choice[chance.Next(choice.Length)];
        ValueList<Angle> angles = gate.Parameters.AsEnumerable().Select(_ => Draw(chance, parameters)).ToValueList();
        return new Instruction.Apply(gate, angles, chance.Permutation(qubits).Take(gate.Qubits).ToValueList());
    }

    private static Angle Draw(Chance chance, int parameters) => parameters > 0 && chance.Happens(0.5)
        ? (chance.Next(3) - 1.5) * Angle.Of(chance.Next(parameters)) + Constant(chance) : Constant(chance);

    private static double Constant(Chance chance) => chance.Next(3) switch
    {
        0 => 0,
        1 => (chance.Next(17) - 8) * Math.PI / 4,
        _ => (chance.NextDouble() - 0.5) * 12,
    };
}
