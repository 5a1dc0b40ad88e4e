using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Simulation.Engine;
using Hone.Quantum.Simulation.Lanes;
using Hone.Quantum.Transpiling;

namespace Hone.Quantum.Simulation;

/// <summary>A measured figure of the quantum engine.</summary>
/// <param name="Reference">What it is compared with; empty: nothing.</param>
/// <param name="Ratio">How many times faster than the reference; null without one.</param>
/// <param name="Goal">What it should be, in words; null without one.</param>
public sealed record QuantumFigure(string Name, double Value, string Unit, string Reference, double? Ratio, string? Goal, bool? Met);

/// <summary>
/// Measures the engines on the hardware-efficient ansatz (RX RY RZ on every qubit, a CX ring, four layers, gradient of all parameters, fp64) beside
/// qulacs' published figures and beside our own scalar engine in the same run, and the transpiler on circuits of the sizes that it should be fast at.
/// </summary>
public static class QuantumBench
{
    private const int Layers = 4, Batch = 256, Threads = 2, Rounds = 15;
    private const double FlopsOfAPair = 28 + 2 * 28 + 24;   // forth: 4 products and 12 fused; back: the same in two states, and 12 fused

    /// <summary>qulacs called from C++ on two cores with AVX-512, ms (forward, gradient), and how many times faster we mean to be: in a batch, alone.</summary>
    private static readonly (int Qubits, double Forward, double Gradient, double? BatchGoal, double AloneGoal)[] Cases =
    [
        (4, 0.088, 0.64, 800, 40), (8, 0.186, 1.22, 180, 30), (10, 0.297, 1.99, 60, 20), (12, 0.68, 5.0, 30, 12), (16, 6.0, 68, null, 12), (20, 96, 1294, null, 8),
    ];

    /// <param name="clock">Time.</param>
    public static IEnumerable<QuantumFigure> Run(TimeProvider clock)
    {
        double peak = Peak(clock);
        yield return new QuantumFigure("fused multiply-adds at their peak, one thread", peak / 1e9, "GFLOP/s", "", null, null, null);
        foreach ((int qubits, double forward, double gradient, double? batchGoal, double aloneGoal) in Cases)
        {
            Circuit circuit = Ansatz(qubits);
            var chance = new Chance(1, Streams.Sampling);
            double[] weights = [.. Enumerable.Range(0, circuit.Parameters.Count).Select(_ => Math.Tau * chance.NextDouble())], slopes = new double[weights.Length];
            var engine = new CircuitEngine(circuit, 0);
            double Gradient(int samples) => Best(clock, () => engine.Gradient([], weights, samples, Sum, slopes, null, Threads)) / samples;
            if (batchGoal is { } goal)
            {
                double batch = Gradient(Batch), forth = Best(clock, () => engine.Expectations([], weights, Batch, Threads)) / Batch, scalar = Scalar(clock, circuit, weights);
                yield return Beside($"gradient, {qubits} qubits, batch of {Batch}", batch, gradient, goal);
                yield return new QuantumFigure($"gradient, {qubits} qubits, batch of {Batch}", batch * 1e6, "us a sample", $"our engine without vectors, one thread: {scalar * 1e6:0.0} us", scalar / batch, null, null);
                yield return new QuantumFigure($"forward, {qubits} qubits, batch of {Batch}", forth * 1e6, "us a sample", $"qulacs, {forward} ms", forward * 1e-3 / forth, null, null);
                yield return Forwards(qubits, batch / forth);
                double share = Layers * qubits * (1L << (qubits - 1)) * FlopsOfAPair / batch / (Threads * peak);
                yield return new QuantumFigure($"gradient, {qubits} qubits, batch of {Batch}: share of the peak of {Threads} threads", 100 * share, "%", "", null, qubits >= 8 ? "at least 25" : null, qubits >= 8 ? share >= 0.25 : null);
            }
            double alone = Gradient(1);
            yield return Beside($"gradient, {qubits} qubits, alone", alone, gradient, aloneGoal);
            if (batchGoal is null) yield return Forwards(qubits, alone / Best(clock, () => engine.Expectations([], weights, 1, Threads)));
        }
        foreach (QuantumFigure figure in Transpiling(clock)) yield return figure;
    }

    private static QuantumFigure Beside(string name, double seconds, double qulacs, double goal)
    {
        double ratio = qulacs * 1e-3 / seconds;
        return new QuantumFigure(name, seconds * 1e6, "us a sample", $"qulacs, {qulacs} ms", ratio, $"at least {goal} of the reference's speed", ratio >= goal);
    }

    private static QuantumFigure Forwards(int qubits, double ratio) => new($"gradient, {qubits} qubits: forwards that it costs", ratio, "1", "", null, "at most 4.5", ratio <= 4.5);

    private static IEnumerable<QuantumFigure> Transpiling(TimeProvider clock)
    {
        // Twenty-seven qubits as IBM's Falcon machines join them.
        (int, int)[] falcon = [(0, 1), (1, 2), (1, 4), (2, 3), (3, 5), (4, 7), (5, 8), (6, 7), (7, 10), (8, 9), (8, 11), (10, 12), (11, 14), (12, 13), (12, 15), (13, 14), (14, 16), (15, 18), (16, 19), (17, 18), (18, 21), (19, 20), (19, 22), (21, 23), (22, 25), (23, 24), (24, 25), (25, 26)];
        Target target = Target.Of(27, Target.Ideal(27).Basis, [.. falcon, .. falcon.Select(p => (p.Item2, p.Item1))]);
        Circuit pairs = Drawn(27, 1_000, pairsOnly: true), mixed = Drawn(20, 2_000, pairsOnly: false);
        double route = Best(clock, () => LayoutSearch.Trivial(pairs, target, new Chance(1, Streams.Search)));
        yield return new QuantumFigure("1,000 two-qubit gates routed on 27 qubits", route * 1e3, "ms", "", null, "at most 100", route <= 0.1);
        double all = Best(clock, () => Transpiler.Run(mixed, target, new TranspileOptions()));
        yield return new QuantumFigure("20 qubits, 2,000 gates transpiled at level 3", all * 1e3, "ms", "", null, "at most 1000", all <= 1);
    }

    private static Circuit Drawn(int qubits, int gates, bool pairsOnly)
    {
        var chance = new Chance(2, Streams.Sampling);
        return Circuit.Of(qubits, Enumerable.Range(0, gates).Select(i =>
        {
            int[] two = [.. chance.Permutation(qubits).Take(2)];
            return pairsOnly || i % 2 == 0 ? new Instruction.Apply(StandardGates.Cx, [], [two[0], two[1]])
                : (Instruction)new Instruction.Apply(StandardGates.U3, [chance.NextDouble(), chance.NextDouble(), chance.NextDouble()], [two[0]]);
        }));
    }

    private static Circuit Ansatz(int qubits)
    {
        Instruction[] steps = [.. CompVqc.Ansatz.Gates(CompVqc.AnsatzKind.HardwareEfficient, qubits, Layers, first: 0)];
        return Circuit.Of(qubits, steps) with { Parameters = [.. Enumerable.Range(0, 3 * qubits * Layers).Select(i => $"w{i}")] };
    }

    private static double Sum(int sample, ReadOnlySpan<double> z, Span<double> slopes)
    {
        slopes.Fill(1);
        return 0;
    }

    /// <summary>Seconds of a sample's gradient without vectors.</summary>
    private static double Scalar(TimeProvider clock, Circuit circuit, double[] weights)
    {
        var pass = new Pass<ScalarLanes<double>, double, double>(Plan.Of(circuit), 0);
        double[] z = new double[circuit.Qubits], slopes = new double[weights.Length], ones = [.. Enumerable.Repeat(1.0, circuit.Qubits)];
        return Best(clock, () =>
        {
            pass.Share(weights);
            pass.Take([], 1);
            pass.Forth();
            pass.Expectations(z, 1);
            pass.Back(ones, 1, slopes, []);
        });
    }

    /// <summary>Fused multiply-adds of the widest vectors, two operations each, in enough chains to fill the units.</summary>
    private static double Peak(TimeProvider clock)
    {
        const int rounds = 100_000, chains = 16;
        double lanes = Groups.Doubles;
        Action run = Vector512.IsHardwareAccelerated ? () => Chains<Lanes512<double>, Vector512<double>>(rounds)
            : Vector256.IsHardwareAccelerated ? () => Chains<Lanes256<double>, Vector256<double>>(rounds) : () => Chains<Lanes128<double>, Vector128<double>>(rounds);
        return rounds * chains * 2 * lanes / Best(clock, run);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double Chains<TLanes, TVector>(int rounds)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        TVector a = TLanes.Spread(0.999), b = TLanes.Spread(1e-3);
        TVector s0 = a, s1 = b, s2 = a, s3 = b, s4 = a, s5 = b, s6 = a, s7 = b, s8 = a, s9 = b, s10 = a, s11 = b, s12 = a, s13 = b, s14 = a, s15 = b;
        for (int i = 0; i < rounds; i++)
        {
            (s0, s1, s2, s3) = (TLanes.MultiplyAdd(s0, a, b), TLanes.MultiplyAdd(s1, a, b), TLanes.MultiplyAdd(s2, a, b), TLanes.MultiplyAdd(s3, a, b));
            (s4, s5, s6, s7) = (TLanes.MultiplyAdd(s4, a, b), TLanes.MultiplyAdd(s5, a, b), TLanes.MultiplyAdd(s6, a, b), TLanes.MultiplyAdd(s7, a, b));
            (s8, s9, s10, s11) = (TLanes.MultiplyAdd(s8, a, b), TLanes.MultiplyAdd(s9, a, b), TLanes.MultiplyAdd(s10, a, b), TLanes.MultiplyAdd(s11, a, b));
            (s12, s13, s14, s15) = (TLanes.MultiplyAdd(s12, a, b), TLanes.MultiplyAdd(s13, a, b), TLanes.MultiplyAdd(s14, a, b), TLanes.MultiplyAdd(s15, a, b));
        }
        TVector sum = TLanes.Add(TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3)), TLanes.Add(TLanes.Add(s4, s5), TLanes.Add(s6, s7)));
        return TLanes.Sum(TLanes.Add(sum, TLanes.Add(TLanes.Add(TLanes.Add(s8, s9), TLanes.Add(s10, s11)), TLanes.Add(TLanes.Add(s12, s13), TLanes.Add(s14, s15)))));
    }

    /// <summary>Seconds of a run: the least of several blocks, each long enough to be timed, after a warm-up in which the code is optimised.</summary>
    private static double Best(TimeProvider clock, Action run)
    {
        const double warm = 1, block = 5e-3;
        long start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start).TotalSeconds < warm) run();
        int count = 1;
        double Seconds()
        {
            long from = clock.GetTimestamp();
            for (int i = 0; i < count; i++) run();
            return clock.GetElapsedTime(from).TotalSeconds / count;
        }
        while (count < 1 << 20 && Seconds() * count < block) count *= 2;
        double best = double.PositiveInfinity;
        for (int round = 0; round < Rounds; round++) best = Math.Min(best, Seconds());
        return best;
    }
}
