using Hone.Model;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Gates;

/// <summary>A gate called inside a definition; its angles are in the definition's parameters, its qubits are the definition's own.</summary>
public sealed record GateCall(Gate Gate, ValueList<Angle> Angles, ValueList<int> Qubits);

/// <summary>What a gate is made of.</summary>
/// <param name="Phase">A global phase exp(i phase) beside the calls.</param>
public sealed record GateBody(ValueList<GateCall> Calls, Angle Phase);
