using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Transpiling;

namespace Hone.Quantum.CompVqc;

/// <summary>What a saved gate is worth.</summary>
/// <param name="TwoQubit">A gate on two qubits.</param>
/// <param name="Turn">A gate on one qubit that is no change of frame.</param>
public readonly record struct GateWeight(double TwoQubit, double Turn);

/// <summary>What gates are worth that a parameter's level saves: everywhere the same, or as much as the machine errs where the gate is placed.</summary>
public static class GateWeights
{
    private const int SwapGates = 3;

    /// <summary>The same for each of so many parameters.</summary>
    public static ValueList<GateWeight> Flat(int parameters, double twoQubit) => [.. Enumerable.Repeat(new GateWeight(twoQubit, 1), parameters)];

    /// <summary>
    /// -ln(1 - error) of the places that the transpiler begins with, over that of a mean turn there. Qubits that do not meet pay for the swaps on the way too, shared by the gates on
    /// two qubits that the parameter's gate is made of. After QuCAD (arXiv 2304.04666), which weighs by the noise of the hardware place.
    /// </summary>
    public static ValueList<GateWeight> Placed(VqcModel model, Target target, TranspileOptions options)
    {
        var chance = new Chance(options.Seed, Streams.Sampling);
        Circuit dense = model.Circuit.Bind([.. model.Circuit.Parameters.AsEnumerable().Select(_ => Math.Tau * chance.NextDouble())]);   // angles at which no gate is short
        int[] places = [.. Transpiler.Run(dense, target, options).Initial.AsEnumerable()];
        double TurnAt(int qubit) => target.Cost(Gates.StandardGates.Sx, [places[qubit]]);
        double mean = Math.Max(Enumerable.Range(0, places.Length).Average(TurnAt), 1e-9);
        return [.. model.Gates.Select(gate => new GateWeight(
            gate.Qubits.Count < 2 ? 0 : Way(places[gate.Qubits[0]], places[gate.Qubits[1]], target) / mean, gate.Qubits.AsEnumerable().Average(TurnAt) / mean))];
    }

    /// <summary>What an entangler between two places costs, with its share of the swaps that bring them together.</summary>
    private static double Way(int from, int to, Target target)
    {
        double sum = 0, worst = 0;
        for (int at = from; at != to;)
        {
            int next = target.Neighbours(at).ToArray().Where(n => target.Distance(n, to) < target.Distance(at, to)).MinBy(n => target.PairCost(at, n));
            (sum, worst) = (sum + target.PairCost(at, next), Math.Max(worst, target.PairCost(at, next)));
            at = next;
        }
        return worst + SwapGates * (sum - worst) / 2;
    }
}
