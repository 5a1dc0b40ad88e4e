using Hone.Model;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Gates;

/// <summary>
/// All that is known of one gate; parser, simulators, gradients, transpiler, drawings and documentation read it and nothing else.
/// Gates are the objects of <see cref="StandardGates"/>; two with one name do not exist, so they compare by reference.
/// </summary>
public sealed class Gate
{
    private readonly Func<double[], Matrix> _matrix;
    private readonly string? _targetName, _inverseText, _rotationsText;
    private GateBody? _inverse, _rotations;

    /// <param name="targetName">Of the gate behind the controls; it may stand further down in the table, as may those of the inverse and the rotations.</param>
    internal Gate(string name, ValueList<string> qubitNames, ValueList<GateParameter> parameters, Func<double[], Matrix> matrix, string? targetName, string? inverseText, string? rotationsText)
    {
        (Name, QubitNames, Parameters, _matrix) = (name, qubitNames, parameters, matrix);
        (_targetName, _inverseText, _rotationsText) = (targetName, inverseText, rotationsText);
        double[] some = [.. Enumerable.Range(0, parameters.Count).Select(i => 0.7 + 0.4 * i)];
        Matrix matrixThere = MatrixOf(some);
        IsDiagonal = matrixThere.IsDiagonal(1e-15);
        Axes = Enumerable.Range(0, qubitNames.Count).Select(q => AxisOf(matrixThere, q)).ToValueList();
    }

    /// <summary>As OpenQASM writes it.</summary>
    public string Name { get; }

    /// <summary>The qubits' names in the definition; controls come first.</summary>
    public ValueList<string> QubitNames { get; }

    public int Qubits => QubitNames.Count;

    public ValueList<GateParameter> Parameters { get; }

    /// <summary>How many of the first qubits are controls: the gate does nothing where one of them is 0.</summary>
    public int Controls { get; internal init; }

    /// <summary>The gate that acts where all controls are 1; null where the table has none.</summary>
    public Gate? Target => _targetName is null ? null : StandardGates.Find(_targetName);

    /// <summary>What stands in a drawing's box over the qubits that are not controls: "RX", "X".</summary>
    public string Symbol { get; internal init; } = "";

    /// <summary>Whether its matrix is diagonal for all angles.</summary>
    public bool IsDiagonal { get; }

    /// <summary>For each qubit the Pauli gate on it that commutes with this one; two gates with the same axes where they meet commute.</summary>
    public ValueList<Axis> Axes { get; }

    /// <summary>Its inverse in terms of its own parameters; null: the inverse of its definition.</summary>
    public GateBody? Inverse => _inverse ??= Body(_inverseText);

    /// <summary>The same gate made of simpler ones, its phase included; null for <c>u3</c> and <c>cx</c>, of which all else can be made.</summary>
    public GateBody? Definition { get; internal init; }

    /// <summary>The same gate made of rotations of a single angle each, for gates of several angles; null for others.</summary>
    public GateBody? Rotations => _rotations ??= Body(_rotationsText);

    /// <summary>Which files of standard gates have it.</summary>
    public GateLibraries Libraries { get; internal init; }

    /// <summary>exp(-i angle G): the Hermitian G of a gate with a single parameter that is a rotation; null for others.</summary>
    public Matrix? Generator { get; internal init; }

    /// <summary>The gate's unitary matrix [2^k, 2^k]; bit q of an index is the q-th qubit.</summary>
    /// <param name="angles">As many as there are parameters, radians.</param>
    public Matrix MatrixOf(params double[] angles)
    {
        if (angles.Length != Parameters.Count) throw new ArgumentException($"{Name} takes {Parameters.Count} angles, got {angles.Length}", nameof(angles));
        return _matrix(angles);
    }

    public override string ToString() => Name;

    private GateBody? Body(string? text) => text is null ? null
        : GateText.Body(text, Parameters.AsEnumerable().Select(p => p.Name).ToValueList(), QubitNames, name => StandardGates.Find(name)!);

    private static Axis AxisOf(Matrix matrix, int qubit)
    {
        foreach ((Axis axis, Matrix pauli) in new[] { (Axis.Z, Matrix.Diagonal(1, -1)), (Axis.X, new Matrix(2, [0, 1, 1, 0])) })
        {
            Matrix below = Matrix.Identity(1 << qubit), above = Matrix.Identity(matrix.Dimension >> (qubit + 1));
            Matrix there = below.Beside(pauli).Beside(above);
            if ((there * matrix).Distance(matrix * there) < 1e-14) return axis;
        }
        return Axis.None;
    }
}

/// <summary>Which Pauli gate on a qubit commutes with a gate.</summary>
public enum Axis
{
    /// <summary>Neither Z nor X.</summary>
    None,

    /// <summary>Z: the qubit is a control, or the gate is diagonal.</summary>
    Z,

    /// <summary>X: the qubit is turned about x alone.</summary>
    X,
}

/// <summary>Files of standard gates that come with OpenQASM.</summary>
[Flags]
public enum GateLibraries
{
    None = 0,

    /// <summary>qelib1.inc of OpenQASM 2 as Qiskit ships it.</summary>
    Qelib1 = 1,

    /// <summary>stdgates.inc of OpenQASM 3.</summary>
    StdGates = 2,

    Both = Qelib1 | StdGates,
}
