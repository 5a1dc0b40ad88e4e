using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Qasm;
using Hone.Quantum.Simulation;

namespace Hone.Core.Tests.Quantum;

public class QasmReaderTests
{
    private const string Two = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n", Three = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n";

    [Theory]
    [InlineData(Two, "qreg q[2]; h q; cx q[0],q[1];", 3)]
    [InlineData(Two, "qreg a[3]; qreg b[3]; cx a,b; cx a[0],b;", 6)]
    [InlineData(Two, "gate g(t) x,y { rx(t/2) x; cx x,y; barrier x,y; } qreg q[2]; g(pi) q[0],q[1];", 3)]
    [InlineData(Three, "const int n = 3; qubit[n] q; for int i in [0:n-1] { rx(pi/(i+1)) q[i]; } for uint i in {2, 0} x q[i];", 5)]
    [InlineData(Three, "qubit[5] q; h q[1:2:4]; x q[-1];", 3)]
    [InlineData(Three, "rx(0.5) $3; cx $0, $2;", 2)]
    [InlineData(Three, "qubit[4] q; ctrl(2) @ x q[0],q[1],q[2]; negctrl @ z q[0],q[1]; inv @ s q; pow(-2) @ t q[3];", 10)]
    [InlineData(Three, "qubit q; bit[2] c; c[0] = measure q; if (c[0]) { x q; reset q; } if (c == 2) y q; delay[20ns] q; box { h q; }", 8)]
    public void ATextBecomesItsInstructions(string head, string body, int instructions) =>
        Assert.Equal(instructions, QasmReader.Read(head + body).Instructions.Count);

    [Theory]
    [InlineData("u1(0.3)", "p(0.3)")]
    [InlineData("u2(pi,-pi/3)", "u3(pi/2,pi,-pi/3)")]
    [InlineData("rx(2^-1*sin(pi/6))", "rx(0.25)")]
    [InlineData("rx(-3*pi/4+1e-1)", "rx(-2.2561944901923449)")]
    [InlineData("rx(ln(exp(0.7)) - -.1)", "rx(0.8)")]
    [InlineData("rx(sqrt(2)^2)", "rx(2)")]
    public void AnglesAreWorthWhatTheySay(string said, string meant) => Same(Two + $"qreg q[1]; {said} q[0];", Two + $"qreg q[1]; {meant} q[0];");

    [Theory]
    [InlineData("ctrl @ inv @ s q[0],q[1];", "cp(-pi/2) q[0],q[1];")]
    [InlineData("ctrl @ gphase(pi/3) q[0];", "p(pi/3) q[0];")]
    [InlineData("inv @ ctrl @ rx(0.3) q[0],q[1];", "crx(-0.3) q[0],q[1];")]
    [InlineData("negctrl @ x q[0],q[1];", "x q[0]; cx q[0],q[1]; x q[0];")]
    [InlineData("pow(3) @ rx(0.3) q[0];", "rx(0.9) q[0];")]
    [InlineData("pow(0.5) @ x q[0];", "sx q[0];")]
    [InlineData("pow(-0.5) @ rz(0.4) q[0];", "rz(-0.2) q[0];")]
    [InlineData("pow(2) @ ctrl @ sx q[0],q[1];", "cx q[0],q[1];")]
    [InlineData("gate g a { gphase(0.4); x a; } ctrl @ g q[1],q[0];", "p(0.4) q[1]; cx q[1],q[0];")]
    [InlineData("U(0.4,0.2,0.1) q[0];", "gphase(0.2); u3(0.4,0.2,0.1) q[0];")]
    [InlineData("ctrl @ U(0.4,0.2,0.1) q[0],q[1];", "p(0.2) q[0]; ctrl @ u3(0.4,0.2,0.1) q[0],q[1];")]
    [InlineData("rx(3/2) q[0];", "rx(1) q[0];")]
    [InlineData("rx(3/2.0) q[0];", "rx(1.5) q[0];")]
    public void ModifiersSayWhatTheSpecificationSays(string said, string meant) => Same(Three + "qubit[2] q; " + said, Three + "qubit[2] q; " + meant);

    [Fact]
    public void ADefinitionThatSaysWhatTheTableSaysIsTheTablesGate()
    {
        Circuit circuit = QasmReader.Read(Two + "gate ryy(t) a,b { rx(pi/2) a; rx(pi/2) b; cx a,b; rz(t) b; cx a,b; rx(-pi/2) a; rx(-pi/2) b; } qreg q[2]; ryy(0.3) q[1],q[0];");
        Assert.Equal([new Instruction.Apply(StandardGates.Ryy, [0.3], [1, 0])], circuit.Instructions.AsEnumerable());
    }

    [Fact]
    public void FreeParametersStayFree()
    {
        Circuit circuit = QasmReader.Read(Three + "input float a; input angle[32] b; qubit q; rx(2*a - b/4 + pi) q;");
        Assert.Equal(["a", "b"], circuit.Parameters.AsEnumerable());
        var angle = ((Instruction.Apply)circuit.Instructions[0]).Angles[0];
        Assert.Equal(2 * 0.7 - 0.2 / 4 + Math.PI, angle.At([0.7, 0.2]), 1e-15);
        Assert.Equal(ReferenceState.UnitaryOf(circuit.Bind([0.5, 2])), StandardGates.Rx.MatrixOf(1 - 0.5 + Math.PI));
    }

    [Theory]
    [InlineData("OPENQASM 4.0;", 1, 10, "expected version 2.0 or 3.0, got '4.0'")]
    [InlineData("qreg q[2];", 1, 1, "expected 'OPENQASM 2.0;'")]
    [InlineData(Two + "qreg q[2];\n  nosuch q[0];", 4, 3, "expected a gate that is defined above, got 'nosuch'")]
    [InlineData("OPENQASM 2.0; qreg q[2]; h q[0];", 1, 26, "include \"qelib1.inc\" first")]
    [InlineData(Two + "qreg q[2]; H q[0];", 3, 12, "did you mean 'h'?")]
    [InlineData(Two + "qreg q[2]; x q[2];", 3, 16, "expected an index of 0 to 1 for 'q', got 2")]
    [InlineData(Two + "qreg q[2]; x r[0];", 3, 14, "expected a register of qubits that is declared above, got 'r'")]
    [InlineData(Two + "qreg q[0];", 3, 6, "got 0")]
    [InlineData(Two + "qreg q[2]; cx q[0],q[0];", 3, 12, "expected different qubits")]
    [InlineData(Two + "qreg q[2]; cx q[0];", 3, 12, "expected 2 qubits for 'cx', got 1")]
    [InlineData(Two + "qreg q[2]; rx q[0];", 3, 12, "expected 1 angles for 'rx', got 0")]
    [InlineData(Two + "qreg q[2]; rx(1/(2-2)) q[0];", 3, 16, "expected a divisor that is not 0")]
    [InlineData(Two + "qreg q[2]; rx(ln(-1)) q[0];", 3, 15, "expected an argument for which ln is a number")]
    [InlineData(Two + "gate g a { g a; } qreg q[1];", 3, 12, "a gate cannot call itself")]
    [InlineData(Two + "gate g a { h b; }", 3, 14, "expected a qubit of the gate (a), got 'b'")]
    [InlineData(Two + "gate h a { x a; }", 3, 6, "which is defined already")]
    [InlineData(Two + "gate g a { h a;", 3, 16, "expected '}' at the end of gate 'g'")]
    [InlineData(Two + "opaque g a; qreg q[1]; g q[0];", 3, 24, "which is declared opaque")]
    [InlineData(Two + "qreg q[2]; creg c[1]; measure q -> c;", 3, 33, "expected as many bits as qubits are measured, got 1 for 2")]
    [InlineData(Two + "qreg q[2]; creg c[2]; if (c==4) x q;", 3, 30, "expected 0 to 3 for 2 bits, got 4")]
    [InlineData(Two + "qreg q[2]; qreg r[3]; cx q,r;", 3, 28, "expected registers of one size for 'cx', got 2 and 3 qubits")]
    [InlineData(Two + "include \"mine.inc\";", 3, 9, "both built in")]
    [InlineData(Two + "qreg q[2]; x q[0]", 3, 18, "expected ';' behind the qubits of 'x', got the end of the text")]
    [InlineData(Two + "qreg q[2]; /* x q[0];", 3, 12, "expected '*/'")]
    [InlineData(Three + "qubit q; while (true) { x q; }", 3, 10, "classical computation beyond constants, 'if' and 'for' is not read")]
    [InlineData(Three + "input float a; input float b; qubit q; rx(a*b) q;", 3, 44, "got a product of two")]
    [InlineData(Three + "input float a; qubit q; rx(sin(a)) q;", 3, 28, "expected a number without parameters as the argument of sin")]
    [InlineData(Three + "qubit q; x $0;", 3, 12, "either registers or physical qubits")]
    [InlineData(Three + "qubit q; pow(0.5) @ h q;", 3, 21, "expected a whole number as the power of 'h'")]
    [InlineData(Three + "qubit q; bit c; if (c) { c = measure q; x q; }", 3, 17, "expected the bits of a condition to stay as they are")]
    public void WhatIsWrongIsNamedAtItsPlace(string text, int line, int column, string says)
    {
        var error = Assert.Throws<QasmException>(() => QasmReader.Read(text));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Fact]
    public void NestedDefinitionsCannotFillTheMemory()
    {
        var text = new System.Text.StringBuilder(Two + "gate g0 a { x a; x a; }\n");
        for (int i = 1; i < 64; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"gate g{i} a {{ g{i - 1} a; g{i - 1} a; }}\n");
        text.Append("qreg q[1]; g63 q[0];");
        Assert.Contains("instructions, got more", Assert.Throws<QasmException>(() => QasmReader.Read(text.ToString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMillionLinesAreRead()
    {
        var text = new System.Text.StringBuilder(Two + "qreg q[3];\n");
        for (int i = 0; i < 1_000_000; i++) text.Append(i % 2 == 0 ? "rx(0.25*pi) q[0];\n" : "cx q[1], q[2];\n");
        Assert.Equal(1_000_000, QasmReader.Read(text.ToString()).Instructions.Count);
    }

    [Fact]
    public void AnyTextIsReadOrRefusedAtAPlace()
    {
        string seed = Three + "const int n = 2; input float a; qubit[4] q; bit[4] c; gate g(t) x, y { ctrl @ rx(t/2) x, y; inv @ s x; }\n"
            + "for int i in [0:n] { g(a*2 + i) q[i], q[i+1]; } if (c[0] == 1) { h q; } c = measure q; box { delay[2us] q[0]; } pow(2) @ x q[3];";
        var chance = new Chance(11, Streams.Sampling);
        string[] pieces = ["(", ")", "[", "]", "{", "}", ";", ",", "pi", "q", "c", "@", "ctrl", "-", "/", "0", "9999999999", "1e400", "if", "for", "gate", "\"", "/*", "->", "\n", "$1", "é"];
        int read = 0;
        for (int i = 0; i < 3000; i++)
        {
            string text = seed;
            for (int change = 0; change <= chance.Next(4); change++)
            {
                int at = 40 + chance.Next(text.Length - 40), length = Math.Min(chance.Next(6), text.Length - at);
                text = text[..at] + pieces[chance.Next(pieces.Length)] + text[(at + length)..];
            }
            try
            {
                QasmReader.Read(text);
                read++;
            }
            catch (QasmException error)
            {
                Assert.True(error is { Line: > 0, Column: > 0 });
            }
        }
        Assert.InRange(read, 1, 2999);
    }

    private static void Same(string said, string meant) => Assert.InRange(
        ReferenceState.UnitaryOf(QasmReader.Read(meant)).Distance(ReferenceState.UnitaryOf(QasmReader.Read(said))), 0, 1e-14);
}
