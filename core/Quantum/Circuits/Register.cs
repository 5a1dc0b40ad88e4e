namespace Hone.Quantum.Circuits;

/// <summary>A named run of qubits or of classical bits.</summary>
/// <param name="First">The index of its first in the circuit.</param>
public sealed record Register(string Name, int First, int Size);
