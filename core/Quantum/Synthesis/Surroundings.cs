using System.Numerics;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Synthesis;

/// <summary>
/// Gates on single qubits around a core of CX. Around a single CX they are far from unique: Pauli gates pass it as Pauli gates, and turns about x
/// pass its target; of all that, the choice with the fewest gates of the basis is taken.
/// </summary>
/// <param name="Control">Before and after, on the CX's control.</param>
/// <param name="Target">Before and after, on its target.</param>
internal sealed record Surroundings((Matrix Before, Matrix After) Control, (Matrix Before, Matrix After) Target)
{
    private static readonly Matrix[] Paulis = [.. new[] { "id", "x", "y", "z" }.Select(name => StandardGates.Find(name)!.MatrixOf())];
    private static readonly Matrix H = StandardGates.H.MatrixOf(), One = Matrix.Identity(2);

    // CX (P x Q) = (P' x Q') CX: what two Pauli gates before a CX are behind it.
    private static readonly (Matrix P, Matrix Q, Matrix Behind)[] Passing =
    [
        .. from p in Paulis from q in Paulis let cx = StandardGates.Cx.MatrixOf() select (p, q, cx * p.Beside(q) * cx),
    ];

    /// <summary>How many sx and x they take once each CX is made of the machine's gate and merged with what that brings along.</summary>
    public int Turns(Gate entangler)
    {
        Frame frame = Frame.Of(entangler);
        return Turns(frame.Control.Before * Control.Before) + Turns(Control.After * frame.Control.After)
            + Turns(frame.Target.Before * Target.Before) + Turns(Target.After * frame.Target.After);
    }

    /// <summary>The cheapest gates that say the same around a single CX.</summary>
    public Surroundings Cheapest(Gate entangler)
    {
        Surroundings best = this;
        int least = Turns(entangler);
        foreach ((Matrix p, Matrix q, Matrix behind) in Passing)
        {
            (Matrix afterControl, Matrix afterTarget) = WeylDecomposition.Parts(Control.After.Beside(Target.After) * behind.Adjoint());
            var moved = new Surroundings((p * Control.Before, afterControl), (q * Target.Before, afterTarget));
            foreach (double angle in moved.Passes())
            {
                if (least == 0) return best;
                Matrix forth = StandardGates.Rx.MatrixOf(-angle), back = StandardGates.Rx.MatrixOf(angle);
                var turned = moved with { Target = (forth * moved.Target.Before, moved.Target.After * back) };
                int turns = turned.Turns(entangler);
                if (turns < least) (best, least) = (turned, turns);
            }
        }
        return best;
    }

    /// <summary>Turns about x that the target's gates end or begin with, and quarter turns more.</summary>
    private IEnumerable<double> Passes()
    {
        double before = Euler.Of(H * Target.Before * H).Phi, after = -Euler.Of(H * Target.After * H).Lambda;
        for (int quarters = 0; quarters < 4; quarters++)
        {
            yield return before + quarters * Math.PI / 2;
            yield return after + quarters * Math.PI / 2;
        }
    }

    /// <summary>None for a turn about z, one for a quarter or a half turn away from it, two else.</summary>
    private static int Turns(Matrix matrix)
    {
        double theta = Euler.Of(matrix).Theta;
        return theta < 1e-9 ? 0 : Math.Abs(theta - Math.PI / 2) < 1e-9 || Math.Abs(theta - Math.PI) < 1e-9 ? 1 : 2;
    }

    /// <summary>What stands around a machine's gate where it is a CX.</summary>
    private sealed record Frame((Matrix Before, Matrix After) Control, (Matrix Before, Matrix After) Target)
    {
        private static readonly Frame Cx = new((One, One), (One, One)), Cz = new((One, One), (H, H)),
            Ecr = new((StandardGates.Sdg.MatrixOf(), StandardGates.X.MatrixOf()), (StandardGates.Sxdg.MatrixOf(), One));

        public static Frame Of(Gate entangler) => entangler == StandardGates.Cz ? Cz : entangler == StandardGates.Ecr ? Ecr : Cx;
    }
}
