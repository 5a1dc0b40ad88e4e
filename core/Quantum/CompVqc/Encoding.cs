using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.CompVqc;

/// <summary>How a sample's features enter a circuit: which angles they are, and the gates that take them. Encoders are never compressed.</summary>
public static class Encoding
{
    private static readonly Gate[] Rows = [StandardGates.Ry, StandardGates.Rz, StandardGates.Rx, StandardGates.Ry];

    /// <summary>How many angles a sample has.</summary>
    public static int Inputs(EncodingKind kind, int qubits, int features) => kind == EncodingKind.Angle ? features : (1 << qubits) - 1;

    /// <summary>The gates; input i is the circuit's parameter i.</summary>
    public static IEnumerable<Instruction> Gates(EncodingKind kind, int qubits, int features) => kind == EncodingKind.Angle ? Angles(qubits, features) : Amplitudes(qubits);

    /// <summary>A sample's angles.</summary>
    /// <param name="features">For angles: scaled to [0, pi]. For amplitudes: at most 2^qubits, not all 0.</param>
    /// <param name="angles">[inputs].</param>
    public static void Angles(EncodingKind kind, int qubits, ReadOnlySpan<double> features, Span<double> angles)
    {
        if (kind == EncodingKind.Angle) features.CopyTo(angles);
        else AmplitudeAngles(qubits, features, angles);
    }

    private static IEnumerable<Instruction> Angles(int qubits, int features)
    {
        for (int f = 0; f < features; f++) yield return new Instruction.Apply(Rows[f / qubits % Rows.Length], [Angle.Of(f)], [f % qubits]);
    }

    /// <summary>
    /// A tree of turns about y, each level's chosen by the qubits above it: uniformly controlled rotations of Mottonen et al. (PRL 93, 130502, 2004), 2^k turns and 2^k cx for k controls.
    /// The angles that the gates take are the tree's own times a Walsh matrix in Gray order.
    /// </summary>
    private static IEnumerable<Instruction> Amplitudes(int qubits)
    {
        int input = 0;
        for (int level = 0; level < qubits; level++)
        {
            int target = qubits - 1 - level;
            for (int k = 0; k < 1 << level; k++)
            {
                yield return new Instruction.Apply(StandardGates.Ry, [Angle.Of(input++)], [target]);
                if (level == 0) break;
                int control = k + 1 == 1 << level ? level - 1 : System.Numerics.BitOperations.TrailingZeroCount(k + 1);
                yield return new Instruction.Apply(StandardGates.Cx, [], [qubits - level + control, target]);
            }
        }
    }

    private static void AmplitudeAngles(int qubits, ReadOnlySpan<double> features, Span<double> angles)
    {
        double[] amplitudes = new double[1 << qubits];
        features.CopyTo(amplitudes);
        for (int level = qubits - 1; level >= 0; level--)
        {
            int nodes = 1 << level, first = nodes - 1;
            double[] tree = new double[nodes], above = new double[nodes];
            for (int node = 0; node < nodes; node++)
            {
                // Qubit qubits-1-level tells the halves apart; the node's number is the bits above it.
                (double zero, double one) = (amplitudes[2 * node], amplitudes[2 * node + 1]);
                tree[node] = 2 * Math.Atan2(one, zero);
                above[node] = Math.Sqrt(zero * zero + one * one);
            }
            for (int k = 0; k < nodes; k++)
            {
                double sum = 0;
                int gray = k ^ (k >> 1);
                for (int node = 0; node < nodes; node++) sum += (System.Numerics.BitOperations.PopCount((uint)(node & gray)) & 1) == 0 ? tree[node] : -tree[node];
                angles[first + k] = sum / nodes;
            }
            amplitudes = above;
        }
    }
}
