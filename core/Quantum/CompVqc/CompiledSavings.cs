using Hone.Model;
using Hone.Quantum.Transpiling;

namespace Hone.Quantum.CompVqc;

/// <summary>
/// The compiler inside the loop: what bringing an angle to its level saves in the very circuit, others standing where they are, routed for the machine. Neighbours merge, so a gate saves less than alone, or
/// nothing until its partner is gone; and a pair that needs no gate any more needs no swaps.
/// </summary>
/// <param name="target">The machine.</param>
/// <param name="twoQubitWeight">What a saved gate on two qubits is worth beside one on one qubit.</param>
public sealed class CompiledSavings(VqcModel model, Target target, double twoQubitWeight)
{
    private static readonly TranspileOptions Quick = new(Trials: 1);   // some forty circuits a round

    /// <summary>Savings given the others.</summary>
    /// <param name="values">[parameters].</param>
    /// <param name="snaps">[parameters]: where each would go.</param>
    /// <param name="chosen">[parameters]: those that stand at their level while another is tried.</param>
    /// <returns>[parameters], at least 0, in gates on one qubit.</returns>
    public double[] Of(double[] values, Snap?[] snaps, bool[] chosen)
    {
        double[] at = [.. values.Select((v, p) => chosen[p] ? snaps[p]!.Value.Value : v)], saved = new double[at.Length];
        double whole = Cost(at);
        for (int p = 0; p < at.Length; p++)
        {
            if (snaps[p] is not { } snap) continue;
            double stands = at[p];
            at[p] = chosen[p] ? values[p] : snap.Value;
            saved[p] = Math.Max(0, chosen[p] ? Cost(at) - whole : whole - Cost(at));
            at[p] = stands;
        }
        return saved;
    }

    private double Cost(double[] weights)
    {
        CircuitCost cost = Transpiler.Run(VqcCircuit.Bound(model, weights), target, Quick).Cost;
        return twoQubitWeight * cost.TwoQubit + cost.Turns;
    }
}
