using System.Globalization;
using System.Text;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Qasm;

/// <summary>Writes circuits as OpenQASM 2 or 3. What is written reads back as the same circuit.</summary>
public static class QasmWriter
{
    /// <summary>The circuit in OpenQASM 2, for older tools.</summary>
    /// <exception cref="HoneException">It has what version 2 cannot say: free parameters, delays, a condition on part of a register.</exception>
    public static string Write2(Circuit circuit) => new Writer(circuit, three: false).Write();

    /// <summary>The circuit in OpenQASM 3.</summary>
    /// <exception cref="HoneException">It holds a unitary matrix, which has no text.</exception>
    public static string Write3(Circuit circuit) => new Writer(circuit, three: true).Write();

    private sealed class Writer(Circuit circuit, bool three)
    {
        private readonly StringBuilder _text = new();
        private readonly string[] _qubits = Names(circuit.QubitRegisters), _bits = Names(circuit.BitRegisters);

        public string Write()
        {
            Line(three ? "OPENQASM 3.0;" : "OPENQASM 2.0;");
            Line(three ? "include \"stdgates.inc\";" : "include \"qelib1.inc\";");
            foreach (string parameter in circuit.Parameters)
                Line(three ? $"input float {parameter};" : throw new HoneException($"OpenQASM 2 has no free parameters, the circuit has {circuit.Parameters.Count}: bind them or write version 3"));
            foreach (Gate gate in Missing()) Define(gate);
            foreach (Register register in circuit.QubitRegisters)
                if (register.Name != "$") Line(three ? $"qubit[{register.Size}] {register.Name};" : $"qreg {register.Name}[{register.Size}];");
            foreach (Register register in circuit.BitRegisters) Line(three ? $"bit[{register.Size}] {register.Name};" : $"creg {register.Name}[{register.Size}];");
            if (three && circuit.Phase != 0) Line($"gphase({AngleText.Of(circuit.Phase, circuit.Parameters)});");
            foreach (Instruction instruction in circuit.Instructions) Line(Said(instruction));
            return _text.ToString();
        }

        private string Said(Instruction instruction) => instruction switch
        {
            Instruction.Apply apply => $"{Call(apply.Gate, apply.Angles, circuit.Parameters)} {On(apply.Qubits)};",
            Instruction.Measure measure => three ? $"{_bits[measure.Bit]} = measure {_qubits[measure.Qubit]};" : $"measure {_qubits[measure.Qubit]} -> {_bits[measure.Bit]};",
            Instruction.Reset reset => $"reset {_qubits[reset.Qubit]};",
            Instruction.Barrier barrier => $"barrier {On(barrier.Qubits)};",
            Instruction.When conditional when three => $"if ({Condition(conditional)}) {{ {Said(conditional.Body)} }}",
            Instruction.When conditional => $"if ({Condition(conditional)}) {Said(conditional.Body)}",
            Instruction.Delay delay when three => string.Create(CultureInfo.InvariantCulture, $"delay[{delay.Duration:R}{(delay.Samples ? "dt" : "s")}] {On(delay.Qubits)};"),
            Instruction.Delay => throw new HoneException("OpenQASM 2 has no delays: write version 3"),
            _ => throw new HoneException($"a unitary on {instruction.Qubits.Count} qubits has no OpenQASM text: transpile the circuit to a gate basis first"),
        };

        private string Condition(Instruction.When condition)
        {
            Register register = circuit.BitRegisters.AsEnumerable().Last(r => r.First <= condition.FirstBit);
            bool all = condition.FirstBit == register.First && condition.Bits == register.Size;
            if (!all && !three) throw new HoneException($"OpenQASM 2 compares whole registers, the condition is on {condition.Bits} of {register.Size} bits of '{register.Name}': write version 3");
            int first = condition.FirstBit - register.First;
            string part = all ? "" : condition.Bits == 1 ? $"[{first}]" : $"[{first}:{first + condition.Bits - 1}]";
            return string.Create(CultureInfo.InvariantCulture, $"{register.Name}{part} == {condition.Value}");
        }

        private string On(ValueList<int> qubits) => string.Join(", ", qubits.AsEnumerable().Select(q => _qubits[q]));

        /// <summary>Gates that the file of standard gates lacks, each behind those that its definition calls.</summary>
        private IEnumerable<Gate> Missing()
        {
            var needed = new HashSet<Gate>();
            void Need(Gate gate)
            {
                if (gate.Libraries.HasFlag(three ? GateLibraries.StdGates : GateLibraries.Qelib1) || !needed.Add(gate)) return;
                foreach (GateCall call in gate.Definition!.Calls) Need(call.Gate);
            }
            foreach (Instruction instruction in circuit.Instructions)
                if ((instruction is Instruction.When conditional ? conditional.Body : instruction) is Instruction.Apply apply) Need(apply.Gate);
            return StandardGates.All.AsEnumerable().Where(needed.Contains);
        }

        private void Define(Gate gate)
        {
            ValueList<string> parameters = gate.Parameters.AsEnumerable().Select(p => p.Name).ToValueList();
            IEnumerable<string> calls = gate.Definition!.Calls.AsEnumerable()
                .Select(c => $"{Call(c.Gate, c.Angles, parameters)} {string.Join(", ", c.Qubits.AsEnumerable().Select(q => gate.QubitNames[q]))};");
            if (gate.Definition.Phase != 0) calls = calls.Prepend($"gphase({AngleText.Of(gate.Definition.Phase, parameters)});");
            Line($"gate {gate.Name}{(parameters.Count == 0 ? "" : $"({string.Join(", ", parameters)})")} {string.Join(", ", gate.QubitNames)} {{ {string.Join(" ", calls)} }}");
        }

        private string Call(Gate gate, ValueList<Angle> angles, ValueList<string> names) =>
            angles.Count == 0 ? gate.Name : $"{gate.Name}({string.Join(", ", angles.AsEnumerable().Select(a => AngleText.Of(a, names)))})";

        private void Line(string line) => _text.Append(line).Append('\n');

        private static string[] Names(ValueList<Register> registers) =>
            [.. registers.AsEnumerable().SelectMany(r => Enumerable.Range(0, r.Size).Select(i => r.Name == "$" ? $"${i}" : $"{r.Name}[{i}]"))];
    }
}
