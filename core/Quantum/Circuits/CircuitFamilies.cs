using Hone.Model;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Circuits;

/// <summary>Well-known circuits of any size, to measure transpilers and simulators by.</summary>
public static class CircuitFamilies
{
    /// <summary>(|00..0> + |11..1>) / sqrt 2 by a chain of cx.</summary>
    public static Circuit Ghz(int qubits) => Circuit.Of(qubits,
        [Gate(StandardGates.H, 0), .. Enumerable.Range(1, qubits - 1).Select(q => Gate(StandardGates.Cx, q - 1, q))]);

    /// <summary>The quantum Fourier transform: entry (j, k) of its matrix is exp(2 pi i j k / 2^n) / sqrt(2^n).</summary>
    public static Circuit Qft(int qubits)
    {
        var steps = new List<Instruction>();
        for (int q = qubits - 1; q >= 0; q--)
        {
            steps.Add(Gate(StandardGates.H, q));
            for (int lower = q - 1; lower >= 0; lower--) steps.Add(Turn(StandardGates.Cp, Math.PI / (1 << (q - lower)), lower, q));
        }
        for (int q = 0; q < qubits / 2; q++) steps.Add(Gate(StandardGates.Swap, q, qubits - 1 - q));
        return Circuit.Of(qubits, steps);
    }

    /// <summary>
    /// The ripple-carry adder of Cuccaro et al. (arXiv quant-ph/0410184): b becomes a + b, its last carry goes to the last qubit. Qubits: one that is
    /// |0>, then b0 a0 b1 a1 .., then the carry.
    /// </summary>
    public static Circuit Adder(int bits)
    {
        var steps = new List<Instruction>();
        int B(int i) => 1 + 2 * i;
        int A(int i) => 2 + 2 * i;
        int Carry(int i) => i == 0 ? 0 : A(i - 1);
        for (int i = 0; i < bits; i++)
            steps.AddRange([Gate(StandardGates.Cx, A(i), B(i)), Gate(StandardGates.Cx, A(i), Carry(i)), Gate(StandardGates.Ccx, Carry(i), B(i), A(i))]);
        steps.Add(Gate(StandardGates.Cx, A(bits - 1), 2 * bits + 1));
        for (int i = bits - 1; i >= 0; i--)
            steps.AddRange([Gate(StandardGates.Ccx, Carry(i), B(i), A(i)), Gate(StandardGates.Cx, A(i), Carry(i)), Gate(StandardGates.Cx, Carry(i), B(i))]);
        return Circuit.Of(2 * bits + 2, steps);
    }

    /// <summary>QAOA for the largest cut of a random graph in which every node has up to three neighbours (three random pairings), angles at random.</summary>
    public static Circuit Qaoa(int qubits, int layers, ulong seed)
    {
        var chance = new Chance(seed, Streams.Sampling);
        (int, int)[] edges = [.. Graph(qubits, chance)];
        var steps = new List<Instruction>(Enumerable.Range(0, qubits).Select(q => Gate(StandardGates.H, q)));
        for (int layer = 0; layer < layers; layer++)
        {
            double gamma = Math.PI * chance.NextDouble(), beta = Math.PI * chance.NextDouble();
            steps.AddRange(edges.Select(e => Turn(StandardGates.Rzz, gamma, e.Item1, e.Item2)));
            steps.AddRange(Enumerable.Range(0, qubits).Select(q => Turn(StandardGates.Rx, beta, q)));
        }
        return Circuit.Of(qubits, steps);
    }

    /// <summary>A hardware-efficient ansatz as VQE trains it: ry and rz on every qubit, a chain of cx, angles at random.</summary>
    public static Circuit Vqe(int qubits, int layers, ulong seed)
    {
        var chance = new Chance(seed, Streams.Sampling);
        var steps = new List<Instruction>();
        for (int layer = 0; layer < layers; layer++)
        {
            for (int q = 0; q < qubits; q++) steps.AddRange([Turn(StandardGates.Ry, Math.Tau * chance.NextDouble(), q), Turn(StandardGates.Rz, Math.Tau * chance.NextDouble(), q)]);
            steps.AddRange(Enumerable.Range(1, qubits - 1).Select(q => Gate(StandardGates.Cx, q - 1, q)));
        }
        return Circuit.Of(qubits, steps);
    }

    private static IEnumerable<(int, int)> Graph(int nodes, Chance chance)
    {
        var edges = new HashSet<(int, int)>();
        for (int round = 0; round < 3; round++)
        {
            int[] order = chance.Permutation(nodes);
            for (int i = 0; i + 1 < nodes; i += 2) edges.Add((Math.Min(order[i], order[i + 1]), Math.Max(order[i], order[i + 1])));
        }
        return edges.Order();
    }

    private static Instruction Gate(Gate gate, params ReadOnlySpan<int> qubits) => new Instruction.Apply(gate, [], ValueList.Create(qubits));

    private static Instruction Turn(Gate gate, double angle, params ReadOnlySpan<int> qubits) => new Instruction.Apply(gate, [angle], ValueList.Create(qubits));
}
