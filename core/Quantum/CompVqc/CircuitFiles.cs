namespace Hone.Quantum.CompVqc;

/// <summary>Names of the files of an exported classifier.</summary>
public static class CircuitFiles
{
    /// <summary>OpenQASM 3: the features' angles are inputs x0, x1, ..; the classes' qubits are read into c.</summary>
    public const string Circuit3 = "circuit.qasm";

    /// <summary>OpenQASM 2, which has no inputs: with the angles of the probe's first sample in place.</summary>
    public const string Circuit2 = "circuit-2.qasm";

    /// <summary>The circuit as a machine runs it, waits written out, OpenQASM 3.</summary>
    public static string On(string machine) => $"on-{machine}.qasm";
}
