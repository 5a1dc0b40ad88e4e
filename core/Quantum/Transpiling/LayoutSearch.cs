using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Transpiling;

/// <summary>A circuit on a target's places.</summary>
/// <param name="Steps">Its instructions there, swaps among them.</param>
/// <param name="Initial">[circuit qubit] -> place at the beginning.</param>
/// <param name="Final">[circuit qubit] -> place at the end.</param>
internal sealed record Routed(IReadOnlyList<Instruction> Steps, int[] Initial, int[] Final);

/// <summary>Decides where qubits begin, and routes from there.</summary>
internal static class LayoutSearch
{
    private const int Finished = 3;   // which of them is shortest shows only once they are translated
    private const int Passes = 3;   // forth and back, each beginning where the last one ended (Li, Ding, Xie 2019)

    /// <summary>Qubit i at place i (of those that hang together).</summary>
    public static Routed Trivial(Circuit circuit, Target target, Chance chance) => Route(circuit, target, LargestPart(target)[..circuit.Qubits], chance);

    /// <summary>The placement with the least error if no swaps are needed, else the best few of several tries with swaps, the best first.</summary>
    public static IReadOnlyList<Routed> Best(Circuit circuit, Target target, int trials, Chance chance)
    {
        if (Embedding.Find(circuit, target) is { } embedded) return [Route(circuit, target, embedded, chance)];
        var forth = new SabreRouting(circuit, target);
        var back = new SabreRouting(circuit with { Instructions = circuit.Instructions.AsEnumerable().Reverse().ToValueList() }, target);
        int[] places = LargestPart(target);
        var tried = new List<(double Cost, Routed Routed)>();
        for (int trial = -1; trial < trials; trial++)
        {
            int[] layout = trial < 0 ? places[..circuit.Qubits] : Compact(circuit.Qubits, target, places, chance);
            for (int pass = 0; pass < (trial < 0 ? 0 : Passes); pass++)   // the circuit's own order may be the best there is
            {
                forth.Run(layout, chance, null);
                back.Run(layout, chance, null);
            }
            int[] initial = [.. layout];
            var steps = new List<Instruction>(circuit.Instructions.Count);
            forth.Run(layout, chance, steps);
            tried.Add((steps.Sum(s => Weight(s, target)), new Routed(steps, initial, layout)));
        }
        return [.. tried.OrderBy(t => t.Cost).Take(Finished).Select(t => Quieter(t.Routed, target))];
    }

    /// <summary>The routed circuit moved as a whole to where the machine errs least.</summary>
    private static Routed Quieter(Routed routed, Target target)
    {
        if (target.Backend is null) return routed;
        Circuit there = Circuit.Of(target.Qubits, routed.Steps);
        if (Embedding.Find(there, target) is not { } moved) return routed;
        IReadOnlyList<Instruction> steps = [.. routed.Steps.Select(s => Placement.Moved(s, moved))];
        return steps.Sum(s => Weight(s, target)) < routed.Steps.Sum(s => Weight(s, target))
            ? new Routed(steps, [.. routed.Initial.Select(p => moved[p])], [.. routed.Final.Select(p => moved[p])]) : routed;
    }

    private static Routed Route(Circuit circuit, Target target, int[] layout, Chance chance)
    {
        int[] initial = [.. layout];
        var steps = new List<Instruction>(circuit.Instructions.Count);
        new SabreRouting(circuit, target).Run(layout, chance, steps);
        return new Routed(steps, initial, layout);
    }

    private static double Weight(Instruction step, Target target) => step switch
    {
        Instruction.Apply { Qubits.Count: 2 } apply => (apply.Gate == StandardGates.Swap ? 3 : 1) * target.PairCost(apply.Qubits[0], apply.Qubits[1]),
        Instruction.Measure measure => target.ReadoutCost(measure.Qubit),
        _ => 0,
    };

    /// <summary>Places that hang together, grown from a random one, the qubits in random order on them.</summary>
    private static int[] Compact(int qubits, Target target, int[] places, Chance chance)
    {
        var grown = new List<int> { places[chance.Next(places.Length)] };
        var edge = new List<int>();
        void Widen(int from)
        {
            foreach (int next in target.Neighbours(from))
                if (!grown.Contains(next) && !edge.Contains(next)) edge.Add(next);
        }
        Widen(grown[0]);
        while (grown.Count < qubits)
        {
            int pick = chance.Next(edge.Count), place = edge[pick];
            edge.RemoveAt(pick);
            grown.Add(place);
            Widen(place);
        }
        int[] order = chance.Permutation(qubits);
        return [.. order.Select(i => grown[i])];
    }

    /// <summary>The places of the target's largest part that hangs together.</summary>
    public static int[] LargestPart(Target target)
    {
        int[] all = [.. Enumerable.Range(0, target.Qubits)];
        return target.AllToAll ? all : [.. all.GroupBy(p => all.First(q => target.Distance(p, q) < target.Qubits)).MaxBy(g => g.Count())!];
    }
}
