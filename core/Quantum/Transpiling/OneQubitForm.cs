using System.Numerics;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Synthesis;

namespace Hone.Quantum.Transpiling;

/// <summary>How a target says a unitary of one qubit.</summary>
public sealed class OneQubitForm
{
    private const double Nothing = 1e-11;   // of an angle
    private const double Rounding = 1e-14;
    private readonly bool _general, _flip;

    /// <exception cref="HoneException">The basis cannot say all unitaries of one qubit.</exception>
    public OneQubitForm(Target target)
    {
        _general = target.Has(StandardGates.U3);
        _flip = target.Has(StandardGates.X);
        if (!_general && !(target.Has(StandardGates.Rz) && target.Has(StandardGates.Sx)))
            throw new HoneException($"expected a basis with u3, or with rz and sx, got {string.Join(", ", target.Basis)}");
    }

    /// <summary>The unitary as gates of the basis, in time order; nothing for a phase alone.</summary>
    /// <param name="unitary">[2, 2].</param>
    public Fragment Of(Matrix unitary, int qubit)
    {
        Euler euler = Euler.Of(unitary);
        var steps = new List<Instruction>(5);
        if (_general) General(steps, euler, qubit);
        else Turns(steps, euler, qubit);
        Matrix made = Matrix.Identity(2);
        foreach (Instruction.Apply step in steps.Cast<Instruction.Apply>()) made = step.Matrix() * made;
        Complex overlap = (made.Adjoint() * unitary).Trace();
        return new Fragment(steps, overlap.Phase);
    }

    /// <summary>A gate with free parameters as gates of the basis: u3(theta, phi, lambda) = rz(phi + pi) sx rz(theta + pi) sx rz(lambda) but for a phase.</summary>
    public Fragment Of(Angle theta, Angle phi, Angle lambda, int qubit) => _general
        ? Fragment.Of(StandardGates.U3, [theta, phi, lambda], [qubit])
        : new Fragment([Rz(lambda, qubit), Sx(qubit), Rz(theta + Math.PI, qubit), Sx(qubit), Rz(phi + Math.PI, qubit)], 0.5 * (phi + lambda) + Math.PI / 2);

    private static void General(List<Instruction> steps, Euler euler, int qubit)
    {
        bool nothing = euler.Theta < Nothing && Math.Abs(Math.IEEERemainder(euler.Phi + euler.Lambda, Math.Tau)) < Nothing;
        if (!nothing) steps.Add(new Instruction.Apply(StandardGates.U3, [euler.Theta, Near(euler.Phi), Near(euler.Lambda)], [qubit]));
    }

    private void Turns(List<Instruction> steps, Euler euler, int qubit)
    {
        (double theta, double phi, double lambda, _) = euler;
        if (theta < Nothing) AddRz(steps, phi + lambda, qubit);
        else if (Math.Abs(theta - Math.PI / 2) < Nothing)
        {
            AddRz(steps, lambda - Math.PI / 2, qubit);
            steps.Add(Sx(qubit));
            AddRz(steps, phi + Math.PI / 2, qubit);
        }
        else if (Math.Abs(theta - Math.PI) < Nothing && _flip)
        {
            steps.Add(new Instruction.Apply(StandardGates.X, [], [qubit]));
            AddRz(steps, phi - lambda + Math.PI, qubit);
        }
        else
        {
            AddRz(steps, lambda, qubit);
            steps.Add(Sx(qubit));
            AddRz(steps, theta + Math.PI, qubit);
            steps.Add(Sx(qubit));
            AddRz(steps, phi + Math.PI, qubit);
        }
    }

    private static void AddRz(List<Instruction> steps, double angle, int qubit)
    {
        double near = Near(angle);
        if (Math.Abs(near) > Nothing) steps.Add(Rz(near, qubit));
    }

    /// <summary>Between -pi and pi; an eighth of a turn to its last bit where rounding alone moved it away.</summary>
    private static double Near(double angle)
    {
        double near = Math.IEEERemainder(angle, Math.Tau), eighths = Math.Round(near / (Math.PI / 4));
        return Math.Abs(near - eighths * Math.PI / 4) < Rounding ? eighths * Math.PI / 4 : near;
    }

    private static Instruction Rz(Angle angle, int qubit) => new Instruction.Apply(StandardGates.Rz, [angle], [qubit]);

    private static Instruction Sx(int qubit) => new Instruction.Apply(StandardGates.Sx, [], [qubit]);
}
