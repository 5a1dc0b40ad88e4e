namespace Hone.Quantum.Gates;

/// <summary>How an expectation's derivative by an angle is had from shifted angles.</summary>
public enum ShiftRule
{
    /// <summary>The generator has two eigenvalues that differ by 1: (f(t + pi/2) - f(t - pi/2)) / 2.</summary>
    TwoTerm,

    /// <summary>The generator's eigenvalues are 0 and +-1/2 (controlled rotations): two pairs of shifts.</summary>
    FourTerm,
}

/// <summary>One angle of a gate.</summary>
/// <param name="Name">As it stands in the gate's definition.</param>
/// <param name="Period">In half turns (units of pi): the gate is the same again after so much, its phase included.</param>
/// <param name="PeriodUpToPhase">The same, but for a global phase. For controlled rotations it is 4: half of that is a Z on the control.</param>
public sealed record GateParameter(string Name, int Period, int PeriodUpToPhase, ShiftRule Rule);
