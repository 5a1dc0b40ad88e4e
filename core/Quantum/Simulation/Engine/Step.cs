using Hone.Quantum.Circuits;

namespace Hone.Quantum.Simulation.Engine;

internal enum StepKind
{
    /// <summary>Turns of one qubit, fused.</summary>
    Turn,

    /// <summary>Turns of one qubit where another is 1, fused.</summary>
    ControlledTurn,

    /// <summary>A flip of one qubit where another is 1 (cx): amplitudes change places.</summary>
    Flip,

    /// <summary>exp(-i angle / 2 ZZ): amplitudes change phase by the parity of two qubits.</summary>
    Parity,
}

/// <summary>A turn within a step: about an axis by an angle, or a constant one.</summary>
/// <param name="Constant">Null for a turn about an axis.</param>
internal readonly record struct Factor(Pauli Axis, Angle Angle, Su2? Constant)
{
    public static Factor Of(Su2 constant) => new(Pauli.Z, 0, constant);

    /// <summary>The turn, given the parameters.</summary>
    public Su2 At(ReadOnlySpan<double> parameters) => Constant ?? Su2.Turn(Axis, Angle.At(parameters));
}

/// <summary>What an engine does in one pass over a state.</summary>
/// <param name="Qubit">That is turned or flipped; one of two for a parity.</param>
/// <param name="Other">The control, or the other of two; -1 for turns.</param>
/// <param name="Factors">In time order; a parity has one, whose angle counts.</param>
internal sealed record Step(StepKind Kind, int Qubit, int Other, List<Factor> Factors);
