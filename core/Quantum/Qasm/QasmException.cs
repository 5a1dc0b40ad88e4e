using Hone.Model;

namespace Hone.Quantum.Qasm;

/// <summary>A text is not the OpenQASM that was expected; says where, what was expected, what came.</summary>
public sealed class QasmException(string message, int line, int column) : HoneException($"line {line}, column {column}: {message}")
{
    /// <summary>From 1.</summary>
    public int Line { get; } = line;

    /// <summary>From 1, in characters.</summary>
    public int Column { get; } = column;
}
