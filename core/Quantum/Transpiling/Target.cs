using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Transpiling;

/// <summary>What circuits are made for: gates, and which qubits they may meet on.</summary>
public sealed class Target
{
    private const double CxError = 1e-2, TurnError = 1e-3;   // where no calibration says better: a two-qubit gate weighs ten of one qubit
    private readonly HashSet<(int, int)> _directed;
    private readonly int[][] _neighbours;
    private readonly int[,]? _distances;   // [n, n], in pairs; unreachable: int.MaxValue / 4

    private Target(string name, int qubits, ValueList<Gate> basis, IReadOnlyList<(int, int)> pairs, Backend? backend)
    {
        (Name, Qubits, Basis, Backend) = (name, qubits, basis, backend);
        _directed = [.. pairs];
        _neighbours = [.. Enumerable.Range(0, qubits).Select(q => pairs.Where(p => p.Item1 == q).Select(p => p.Item2)
            .Concat(pairs.Where(p => p.Item2 == q).Select(p => p.Item1)).Distinct().Order().ToArray())];
        AllToAll = pairs.Count == 0;
        _distances = AllToAll ? null : Distances();
    }

    public string Name { get; }

    public int Qubits { get; }

    public ValueList<Gate> Basis { get; }

    /// <summary>The calibrated machine; null for a target without figures.</summary>
    public Backend? Backend { get; }

    /// <summary>Whether any two qubits may meet.</summary>
    public bool AllToAll { get; }

    /// <summary>The gate on two qubits.</summary>
    public Gate Entangler => Basis.AsEnumerable().First(g => g.Qubits == 2);

    /// <summary>A calibrated machine.</summary>
    public static Target Of(Backend backend) => new(backend.Name, backend.Qubits, backend.Basis, [.. backend.Coupling.AsEnumerable()], backend);

    /// <summary>Gates without figures, on any two qubits or on these pairs.</summary>
    public static Target Of(int qubits, ValueList<Gate> basis, IReadOnlyList<(int, int)>? pairs = null) => new("ideal", qubits, basis, pairs ?? [], null);

    /// <summary>CX, RZ, SX and X on any two qubits.</summary>
    public static Target Ideal(int qubits) => Of(qubits, [StandardGates.Cx, StandardGates.Rz, StandardGates.Sx, StandardGates.X]);

    public bool Has(Gate gate) => Basis.AsEnumerable().Contains(gate);

    /// <summary>Qubits that this one meets, in either direction.</summary>
    public ReadOnlySpan<int> Neighbours(int qubit) => _neighbours[qubit];

    /// <summary>Whether the two-qubit gate works in this order.</summary>
    public bool Runs(int first, int second) => AllToAll || _directed.Contains((first, second));

    /// <summary>Whether it works in either order.</summary>
    public bool Meet(int a, int b) => Runs(a, b) || Runs(b, a);

    /// <summary>Pairs on the shortest way from one qubit to the other; very many where there is none.</summary>
    public int Distance(int a, int b) => _distances is null ? (a == b ? 0 : 1) : _distances[a, b];

    /// <summary>-ln(1 - error) of a gate there.</summary>
    public double Cost(Gate gate, ValueList<int> qubits)
    {
        if (Backend?.Figures(gate, qubits) is { } figures) return -Math.Log(1 - Math.Min(figures.Error, 1 - 1e-9));
        return gate == StandardGates.Rz || gate == StandardGates.Id ? 0 : -Math.Log(1 - (gate.Qubits == 1 ? TurnError : CxError));
    }

    /// <summary>-ln(1 - error) of reading a qubit, both states being as likely.</summary>
    public double ReadoutCost(int qubit) => Backend is null ? 0
        : -Math.Log(1 - Math.Min((Backend.QubitFigures[qubit].OneForZero + Backend.QubitFigures[qubit].ZeroForOne) / 2, 1 - 1e-9));

    /// <summary>-ln(1 - error) of the entangler between two places, in the better order where both work.</summary>
    public double PairCost(int a, int b)
    {
        double forth = Runs(a, b) ? Cost(Entangler, [a, b]) : double.PositiveInfinity, back = Runs(b, a) ? Cost(Entangler, [b, a]) : double.PositiveInfinity;
        return Math.Min(forth, back);
    }

    private int[,] Distances()
    {
        int[,] all = new int[Qubits, Qubits];
        var queue = new Queue<int>();
        for (int from = 0; from < Qubits; from++)
        {
            for (int to = 0; to < Qubits; to++) all[from, to] = to == from ? 0 : int.MaxValue / 4;
            queue.Enqueue(from);
            while (queue.TryDequeue(out int at))
                foreach (int next in _neighbours[at])
                    if (all[from, next] > all[from, at] + 1)
                    {
                        all[from, next] = all[from, at] + 1;
                        queue.Enqueue(next);
                    }
        }
        return all;
    }
}
