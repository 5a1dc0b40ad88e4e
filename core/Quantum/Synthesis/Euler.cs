using System.Numerics;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Synthesis;

/// <summary>A unitary of one qubit as angles: matrix = exp(i phase) u3(theta, phi, lambda).</summary>
/// <param name="Theta">0 to pi.</param>
public readonly record struct Euler(double Theta, double Phi, double Lambda, double Phase)
{
    private const double Nothing = 1e-14;   // of an entry that carries no phase

    /// <summary>The angles of a unitary [2, 2].</summary>
    public static Euler Of(Matrix matrix)
    {
        double upright = matrix[0, 0].Magnitude, crossed = matrix[1, 0].Magnitude, theta = 2 * Math.Atan2(crossed, upright);
        if (crossed < Nothing) return new Euler(theta, 0, (matrix[1, 1] / matrix[0, 0]).Phase, matrix[0, 0].Phase);
        if (upright < Nothing) return new Euler(theta, (-matrix[1, 0] / matrix[0, 1]).Phase, 0, (-matrix[0, 1]).Phase);
        return new Euler(theta, (matrix[1, 0] / matrix[0, 0]).Phase, (-matrix[0, 1] / matrix[0, 0]).Phase, matrix[0, 0].Phase);
    }
}
