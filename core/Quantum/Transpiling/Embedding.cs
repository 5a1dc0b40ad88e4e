using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Transpiling;

/// <summary>
/// Looks for places where all pairs of qubits that a circuit entangles meet, and among them for those with the least error: branch and
/// bound over qubits, each beside one that is placed already.
/// </summary>
internal sealed class Embedding
{
    private const int MostVisits = 200_000;   // then the best so far is taken
    private readonly Target _target;
    private readonly int[] _order;                       // circuit qubits as they are placed
    private readonly (int Qubit, int Times)[][] _earlier; // [step]: partners that are placed before, and gates with them
    private readonly double[][] _single;                 // [circuit qubit][place]: cost of its gates on one qubit and its readout
    private readonly int[] _places, _best;
    private readonly bool[] _taken;
    private double _bestCost = double.PositiveInfinity;
    private int _visits;

    private Embedding(Circuit circuit, Target target)
    {
        _target = target;
        int n = circuit.Qubits;
        var times = new Dictionary<(int, int), int>();
        int[] turns = new int[n], reads = new int[n];
        foreach (Instruction instruction in circuit.Instructions)
        {
            if (instruction is Instruction.Barrier or Instruction.Delay) continue;
            ValueList<int> on = instruction.Qubits;
            if (on.Count == 2) times[(Math.Min(on[0], on[1]), Math.Max(on[0], on[1]))] = times.GetValueOrDefault((Math.Min(on[0], on[1]), Math.Max(on[0], on[1]))) + (instruction is Instruction.Apply { Gate: var g } && g == StandardGates.Swap ? 3 : 1);
            else if (instruction is Instruction.Measure) reads[on[0]]++;
            else if (instruction is Instruction.Apply { Gate: var gate } && !CircuitCost.IsFrame(gate)) turns[on[0]]++;
        }
        Used = [.. Enumerable.Range(0, n).Where(q => turns[q] + reads[q] > 0 || times.Keys.Any(k => k.Item1 == q || k.Item2 == q))];
        _order = Order(Used, times);
        _earlier = [.. _order.Select((q, i) => _order.Take(i).Select(p => (p, times.GetValueOrDefault((Math.Min(p, q), Math.Max(p, q))))).Where(e => e.Item2 > 0).ToArray())];
        Gate turn = target.Has(StandardGates.Sx) ? StandardGates.Sx : StandardGates.U3;
        _single = [.. Enumerable.Range(0, n).Select(q => Enumerable.Range(0, target.Qubits).Select(p => turns[q] * target.Cost(turn, [p]) + reads[q] * target.ReadoutCost(p)).ToArray())];
        (_places, _best, _taken) = (new int[n], new int[n], new bool[target.Qubits]);
        Array.Fill(_places, -1);
    }

    private int[] Used { get; }

    /// <summary>[circuit qubit] -> place; qubits that nothing happens to take what is left. Null if there is no such placement (or none was found in time).</summary>
    public static int[]? Find(Circuit circuit, Target target)
    {
        var search = new Embedding(circuit, target);
        search.Place(0, 0);
        if (double.IsPositiveInfinity(search._bestCost)) return null;
        int[] layout = search._best;
        HashSet<int> taken = [.. search.Used.Select(q => layout[q])];
        using IEnumerator<int> free = Enumerable.Range(0, target.Qubits).Where(p => !taken.Contains(p)).GetEnumerator();
        foreach (int qubit in Enumerable.Range(0, circuit.Qubits).Except(search.Used))
        {
            free.MoveNext();
            layout[qubit] = free.Current;
        }
        return layout;
    }

    private void Place(int step, double cost)
    {
        if (cost >= _bestCost || ++_visits > MostVisits) return;
        if (step == _order.Length)
        {
            _bestCost = cost;
            _places.CopyTo(_best, 0);
            return;
        }
        int qubit = _order[step];
        (int Qubit, int Times)[] partners = _earlier[step];
        if (partners.Length > 0 && !_target.AllToAll)
            foreach (int place in _target.Neighbours(_places[partners[0].Qubit])) Try(place, partners, qubit, step, cost);
        else
            for (int place = 0; place < _target.Qubits; place++) Try(place, partners, qubit, step, cost);
    }

    private void Try(int place, (int Qubit, int Times)[] partners, int qubit, int step, double cost)
    {
        if (_taken[place]) return;
        double more = _single[qubit][place];
        foreach ((int partner, int times) in partners)
        {
            if (!_target.Meet(place, _places[partner])) return;
            more += times * _target.PairCost(place, _places[partner]);
        }
        (_taken[place], _places[qubit]) = (true, place);
        Place(step + 1, cost + more);
        _taken[place] = false;
    }

    /// <summary>The busiest first, then always the one with most gates to those before it.</summary>
    private static int[] Order(int[] used, Dictionary<(int, int), int> times)
    {
        var left = new List<int>(used);
        var order = new List<int>(used.Length);
        int Bonds(int q, IEnumerable<int> others) => others.Sum(o => times.GetValueOrDefault((Math.Min(o, q), Math.Max(o, q))));
        while (left.Count > 0)
        {
            int next = left.MaxBy(q => (Bonds(q, order), Bonds(q, used)));
            left.Remove(next);
            order.Add(next);
        }
        return [.. order];
    }
}
