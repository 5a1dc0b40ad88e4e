using Hone.Model;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Transpiling;

/// <summary>How hard to try.</summary>
/// <param name="Level">0: place, route, translate. 1: and cancel, gates on one qubit made anew. 2: and search for the best places. 3: and blocks of two qubits made anew.</param>
/// <param name="Trials">Random beginnings of the search for places.</param>
/// <param name="Schedule">Whether waits are written as delays (<see cref="Scheduling"/>).</param>
public sealed record TranspileOptions(int Level = 3, ulong Seed = 0, int Trials = 8, bool Schedule = false);

/// <summary>A circuit as a target runs it.</summary>
/// <param name="Circuit">On the target's places; classical bits as they were.</param>
/// <param name="Initial">[circuit qubit] -> place at the beginning.</param>
/// <param name="Final">[circuit qubit] -> place at the end.</param>
public sealed record Transpiled(Circuit Circuit, ValueList<int> Initial, ValueList<int> Final, CircuitCost Cost);

/// <summary>Makes a circuit into one that a target runs: places, swaps, gates of its own, as few of them as can be found.</summary>
public static class Transpiler
{
    private const int MostRounds = 10;

    /// <exception cref="HoneException">The circuit has more qubits than hang together on the target; the basis is none that is known.</exception>
    public static Transpiled Run(Circuit circuit, Target target, TranspileOptions? options = null)
    {
        options ??= new TranspileOptions();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)options.Level, 3u);
        int most = LayoutSearch.LargestPart(target).Length;
        if (circuit.Qubits > most) throw new HoneException($"expected a circuit of at most {most} qubits for {target.Name}{(most < target.Qubits ? ", whose other qubits do not hang together with these" : "")}, got {circuit.Qubits}");
        if (circuit.Qubits == 0) return new Transpiled(circuit, [], [], CircuitCost.Of(circuit, target));
        var chance = new Chance(options.Seed, Streams.Search);
        Circuit simple = Unroll.Run(circuit);
        if (options.Level >= 1) simple = Cancellation.Run(simple);
        Target anywhere = Target.Of(circuit.Qubits, target.Basis);
        if (options.Level >= 3) simple = Repeat(simple, anywhere, c => Cancellation.Run(new BlockResynthesis(anywhere).Run(c)));
        IReadOnlyList<Routed> candidates = options.Level >= 2 ? LayoutSearch.Best(simple, target, options.Trials, chance) : [LayoutSearch.Trivial(simple, target, chance)];
        Transpiled best = candidates.Select(routed =>
        {
            Circuit made = Finish(new([new Register("q", 0, target.Qubits)], circuit.BitRegisters, circuit.Parameters, [.. routed.Steps], simple.Phase), target, options.Level);
            return new Transpiled(made, [.. routed.Initial], [.. routed.Final], CircuitCost.Of(made, target));
        }).MinBy(made => (target.Backend is null ? made.Cost.TwoQubit : made.Cost.LogError, made.Cost.Depth))!;
        if (!options.Schedule) return best;
        Circuit scheduled = Scheduling.Run(best.Circuit, target);
        return best with { Circuit = scheduled, Cost = CircuitCost.Of(scheduled, target) };
    }

    /// <summary>A routed circuit in the target's gates, and as short as the level makes it.</summary>
    private static Circuit Finish(Circuit routed, Target target, int level)
    {
        Circuit there = level >= 3 ? new BlockResynthesis(target).Run(routed) : routed;
        there = new BasisTranslation(target).Run(there);
        if (level == 0) return there;
        return Repeat(there, target, c =>
        {
            Circuit shorter = Cancellation.Run(new OneQubitResynthesis(target).Run(c));
            return level < 3 ? shorter : new OneQubitResynthesis(target).Run(new BasisTranslation(target).Run(new BlockResynthesis(target).Run(shorter)));
        });
    }

    /// <summary>Again while it gets shorter.</summary>
    private static Circuit Repeat(Circuit circuit, Target target, Func<Circuit, Circuit> round)
    {
        (int, int, int) Size(Circuit c)
        {
            CircuitCost cost = CircuitCost.Of(c, target);
            return (cost.TwoQubit, cost.Turns, cost.Depth);
        }
        (int, int, int) size = Size(circuit);
        for (int i = 0; i < MostRounds; i++)
        {
            Circuit shorter = round(circuit);
            (int, int, int) now = Size(shorter);
            if (now.CompareTo(size) >= 0) return i == 0 && now == size ? shorter : circuit;
            (circuit, size) = (shorter, now);
        }
        return circuit;
    }
}
