using System.Numerics;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>A unitary of one qubit with determinant 1: [[a, b], [-b*, a*]], a = ar + i ai, b = br + i bi.</summary>
internal readonly record struct Su2(double Ar, double Ai, double Br, double Bi)
{
    public static readonly Su2 Identity = new(1, 0, 0, 0);

    /// <summary>A unitary matrix [2, 2] without its phase.</summary>
    /// <returns>matrix = exp(i phase) special.</returns>
    public static (Su2 Special, double Phase) Of(Matrix matrix)
    {
        double phase = (matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]).Phase / 2;
        Complex back = Complex.FromPolarCoordinates(1, -phase), a = back * matrix[0, 0], b = back * matrix[0, 1];
        return (new Su2(a.Real, a.Imaginary, b.Real, b.Imaginary), phase);
    }

    /// <summary>exp(-i angle / 2 P) for a Pauli matrix P.</summary>
    public static Su2 Turn(Pauli axis, double angle)
    {
        (double s, double c) = Math.SinCos(angle / 2);
        return axis switch { Pauli.X => new Su2(c, 0, 0, -s), Pauli.Y => new Su2(c, 0, -s, 0), _ => new Su2(c, -s, 0, 0) };
    }

    /// <summary>The right one first, then the left one.</summary>
    public static Su2 operator *(Su2 l, Su2 r) => new(
        l.Ar * r.Ar - l.Ai * r.Ai - l.Br * r.Br - l.Bi * r.Bi, l.Ar * r.Ai + l.Ai * r.Ar + l.Br * r.Bi - l.Bi * r.Br,
        l.Ar * r.Br - l.Ai * r.Bi + l.Br * r.Ar + l.Bi * r.Ai, l.Ar * r.Bi + l.Ai * r.Br - l.Br * r.Ai + l.Bi * r.Ar);

    public Su2 Adjoint() => new(Ar, -Ai, -Br, -Bi);

    /// <summary>U P U+ as (x, y, z): where the turn takes an axis.</summary>
    public (double X, double Y, double Z) Image(Pauli axis) => axis switch
    {
        Pauli.X => (Ar * Ar - Ai * Ai - Br * Br + Bi * Bi, 2 * (Br * Bi - Ar * Ai), 2 * (Ar * Br + Ai * Bi)),
        Pauli.Y => (2 * (Ar * Ai + Br * Bi), Ar * Ar - Ai * Ai + Br * Br - Bi * Bi, 2 * (Ai * Br - Ar * Bi)),
        _ => (2 * (Ai * Bi - Ar * Br), 2 * (Ar * Bi + Ai * Br), Ar * Ar + Ai * Ai - Br * Br - Bi * Bi),
    };
}

/// <summary>About which axis a qubit is turned.</summary>
internal enum Pauli { X, Y, Z }
