using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Qasm;

namespace Hone.Core.Tests.Quantum;

public class QasmWriterTests
{
    [Fact]
    public void AnyCircuitReadsBackAsItWas()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            Circuit circuit = RandomCircuits.Draw(seed, 1 + (int)(seed % 5), 30);
            Assert.Equal(circuit, QasmReader.Read(QasmWriter.Write3(circuit)));
            Assert.Equal(circuit with { Phase = 0 }, QasmReader.Read(QasmWriter.Write2(circuit)));
        }
    }

    [Fact]
    public void FreeParametersReadBackAsTheyWere()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            Circuit circuit = RandomCircuits.Draw(seed, 3, 20, parameters: 3);
            Assert.Equal(circuit, QasmReader.Read(QasmWriter.Write3(circuit)));
        }
        Assert.Contains("bind them", Assert.Throws<HoneException>(() => QasmWriter.Write2(RandomCircuits.Draw(0, 3, 5, parameters: 1))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OPENQASM 2.0; include \"qelib1.inc\"; qreg a[2]; qreg b[1]; creg c[2]; creg d[1]; measure a -> c; if (c == 3) x b[0]; reset a[1]; barrier a, b; measure b -> d;")]
    public void EverythingElseOfVersion2ReadsBack(string text)
    {
        Circuit circuit = QasmReader.Read(text);
        Assert.Equal(circuit, QasmReader.Read(QasmWriter.Write2(circuit)));
        Assert.Equal(circuit, QasmReader.Read(QasmWriter.Write3(circuit)));
    }

    [Theory]
    [InlineData("OPENQASM 3.0; include \"stdgates.inc\"; qubit[2] q; bit[4] c; c[1] = measure q[0]; if (c[1]) { x q[1]; } if (c[1:2] == 2) { z q[0]; } delay[30ns] q[0]; delay[16dt] q; gphase(0.3);")]
    [InlineData("OPENQASM 3.0; include \"stdgates.inc\"; rx(0.5) $3; cx $0, $2;")]
    public void EverythingElseOfVersion3ReadsBack(string text)
    {
        Circuit circuit = QasmReader.Read(text);
        Assert.Equal(circuit, QasmReader.Read(QasmWriter.Write3(circuit)));
    }

    [Theory]
    [InlineData(Math.PI / 2, "pi/2")]
    [InlineData(-3 * Math.PI / 4, "-3*pi/4")]
    [InlineData(Math.PI, "pi")]
    [InlineData(-2 * Math.PI, "-2*pi")]
    [InlineData(0.1, "0.1")]
    [InlineData(0, "0")]
    public void AnglesAreWrittenAsPeopleWriteThem(double angle, string text) => Assert.Equal(text, AngleText.Of(angle));
}
