using System.Xml.Linq;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Drawing;
using Hone.Quantum.Qasm;

namespace Hone.Core.Tests.Quantum;

public class DrawingTests
{
    private static readonly Circuit Example = QasmReader.Read("""
        OPENQASM 2.0; include "qelib1.inc"; qreg q[3]; creg c[3];
        h q[0]; cx q[0],q[2]; rx(pi/2) q[1]; swap q[1],q[2]; crz(-pi/4) q[2],q[0]; barrier q; rzz(0.12345) q[0],q[1]; measure q[0] -> c[0]; if (c==1) x q[2];
        """);

    [Fact]
    public void ACircuitIsDrawnInText()
    {
        string[] drawing = TextDrawing.Of(Example).TrimEnd().Split('\n');
        Assert.Equal(
        [
            "q[0]: ──[H]──●────────────────[RZ(-π/4)]──░──[RZZ(0.123)]──[M c[0]]──",
            "             │                    │       ░       │",
            "q[1]: ───────┼──[RX(π/2)]──╳──────┼───────░──[RZZ(0.123)]────────────",
            "             │             │      │       ░",
            "q[2]: ───────⊕─────────────╳──────●───────░────[c=1? X]──────────────",
        ], drawing);
    }

    [Fact]
    public void ALongCircuitGoesOnBelow()
    {
        string drawing = TextDrawing.Of(RandomCircuits.Draw(1, 4, 60), width: 80);
        Assert.All(drawing.Split('\n'), line => Assert.InRange(line.Length, 0, 81));
        Assert.Contains("»", drawing, StringComparison.Ordinal);
        Assert.Contains("«", drawing, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSvgIsOneWellFormedPicture()
    {
        XElement svg = XElement.Parse(SvgDrawing.Of(Example));
        Assert.Equal("svg", svg.Name.LocalName);
        Assert.Equal(3, svg.Elements().Count(e => e.Name.LocalName == "line" && (string?)e.Attribute("class") == "w"));
        Assert.Equal(2, svg.Elements().Count(e => e.Name.LocalName == "circle" && (string?)e.Attribute("class") == "d"));
    }

    [Fact]
    public void AnyCircuitCanBeDrawn()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            Circuit circuit = RandomCircuits.Draw(seed, 1 + (int)(seed % 5), 40, parameters: (int)(seed % 3));
            Assert.NotEmpty(TextDrawing.Of(circuit));
            XElement.Parse(SvgDrawing.Of(circuit));
        }
        Assert.Contains("to draw", Assert.Throws<HoneException>(() => TextDrawing.Of(RandomCircuits.Draw(1, 2, Picture.MostInstructions + 1))).Message, StringComparison.Ordinal);
    }
}
