using System.Numerics;
using Hone.Model;
using Hone.Quantum.Circuits;
using static Hone.Quantum.Gates.GateLibraries;
using static Hone.Quantum.Gates.ShiftRule;

namespace Hone.Quantum.Gates;

/// <summary>
/// The table of gates. Each is one record: signature, matrix, angles with their periods and shift rules, inverse, definition by
/// gates above it, and where OpenQASM's files have it. Matrices and global phases are those of Qiskit's circuit library.
/// </summary>
public static class StandardGates
{
    private static readonly Dictionary<string, Gate> Table = new(StringComparer.Ordinal);
    private static readonly (int, int, ShiftRule) Rotation = (4, 2, TwoTerm), Phase = (2, 2, TwoTerm), Controlled = (4, 4, FourTerm);
    private static readonly Complex I = Complex.ImaginaryOne;
    private static readonly double Half = Math.Sqrt(0.5);

    private static readonly Matrix PauliX = new(2, [0, 1, 1, 0]), PauliY = new(2, [0, -I, I, 0]), PauliZ = Matrix.Diagonal(1, -1),
        One = Matrix.Identity(2), Raised = Matrix.Diagonal(0, 1);   // the projector on |1>

    // One qubit, made of u3.
    public static readonly Gate U3 = Add("u3(theta,phi,lambda) a", "", "u3(-theta,-lambda,-phi) a", t => General(t[0], t[1], t[2]), Both, [Rotation, Phase, Phase], rotations: "p(lambda) a; ry(theta) a; p(phi) a");
    public static readonly Gate Cx = Add("cx control,target", "", "cx control,target", _ => PauliX.Controlled(), Both, controls: 1, target: "x", symbol: "X");
    public static readonly Gate Id = Add("id a", "u3(0,0,0) a", "id a", _ => One, Both, symbol: "I");
    public static readonly Gate P = Add("p(lambda) a", "u3(0,0,lambda) a", "p(-lambda) a", t => Matrix.Diagonal(1, Turn(t[0])), Both, [Phase], generator: -1 * Raised);
    public static readonly Gate U2 = Add("u2(phi,lambda) a", "u3(pi/2,phi,lambda) a", "u2(-lambda-pi,-phi+pi) a", t => General(Math.PI / 2, t[0], t[1]), Both, [Phase, Phase], rotations: "p(lambda) a; ry(pi/2) a; p(phi) a");
    public static readonly Gate X = Add("x a", "u3(pi,0,pi) a", "x a", _ => PauliX, Both);
    public static readonly Gate Y = Add("y a", "u3(pi,pi/2,pi/2) a", "y a", _ => PauliY, Both);
    public static readonly Gate Z = Add("z a", "p(pi) a", "z a", _ => PauliZ, Both);
    public static readonly Gate H = Add("h a", "u2(0,pi) a", "h a", _ => Half * new Matrix(2, [1, 1, 1, -1]), Both);
    public static readonly Gate S = Add("s a", "p(pi/2) a", "sdg a", _ => Matrix.Diagonal(1, I), Both);
    public static readonly Gate Sdg = Add("sdg a", "p(-pi/2) a", "s a", _ => Matrix.Diagonal(1, -I), Both, symbol: "S†");
    public static readonly Gate T = Add("t a", "p(pi/4) a", "tdg a", _ => Matrix.Diagonal(1, Turn(Math.PI / 4)), Both);
    public static readonly Gate Tdg = Add("tdg a", "p(-pi/4) a", "t a", _ => Matrix.Diagonal(1, Turn(-Math.PI / 4)), Both, symbol: "T†");
    public static readonly Gate Rx = Add("rx(theta) a", "u3(theta,-pi/2,pi/2) a", "rx(-theta) a", t => Rotate(PauliX, t[0]), Both, [Rotation], generator: 0.5 * PauliX);
    public static readonly Gate Ry = Add("ry(theta) a", "u3(theta,0,0) a", "ry(-theta) a", t => Rotate(PauliY, t[0]), Both, [Rotation], generator: 0.5 * PauliY);
    public static readonly Gate Rz = Add("rz(theta) a", "gphase(-theta/2); p(theta) a", "rz(-theta) a", t => Rotate(PauliZ, t[0]), Both, [Rotation], generator: 0.5 * PauliZ);
    public static readonly Gate Sx = Add("sx a", "gphase(pi/4); rx(pi/2) a", "sxdg a", _ => Turn(Math.PI / 4) * Rotate(PauliX, Math.PI / 2), Both, symbol: "√X");
    public static readonly Gate Sxdg = Add("sxdg a", "gphase(-pi/4); rx(-pi/2) a", "sx a", _ => Turn(-Math.PI / 4) * Rotate(PauliX, -Math.PI / 2), Qelib1, symbol: "√X†");

    // Controlled gates of one qubit. crx and cry are crz in another basis of the target, which costs two sx instead of the textbook's four.
    public static readonly Gate Cy = Add("cy control,target", "sdg target; cx control,target; s target", "cy control,target", _ => PauliY.Controlled(), Both, controls: 1, target: "y");
    public static readonly Gate Cz = Add("cz control,target", "h target; cx control,target; h target", "cz control,target", _ => PauliZ.Controlled(), Both, controls: 1, target: "z");
    public static readonly Gate Ch = Add("ch control,target", "s target; h target; t target; cx control,target; tdg target; h target; sdg target", "ch control,target",
        _ => (Half * new Matrix(2, [1, 1, 1, -1])).Controlled(), Both, controls: 1, target: "h");
    public static readonly Gate Cp = Add("cp(lambda) control,target", "p(lambda/2) control; cx control,target; p(-lambda/2) target; cx control,target; p(lambda/2) target", "cp(-lambda) control,target",
        t => Matrix.Diagonal(1, 1, 1, Turn(t[0])), Both, [Phase], controls: 1, target: "p", generator: -1 * Raised.Beside(Raised));
    public static readonly Gate Crz = Add("crz(theta) control,target", "rz(theta/2) target; cx control,target; rz(-theta/2) target; cx control,target", "crz(-theta) control,target",
        t => Rotate(PauliZ, t[0]).Controlled(), Both, [Controlled], controls: 1, target: "rz", generator: 0.5 * Raised.Beside(PauliZ));
    public static readonly Gate Crx = Add("crx(theta) control,target", "h target; crz(theta) control,target; h target", "crx(-theta) control,target",
        t => Rotate(PauliX, t[0]).Controlled(), Both, [Controlled], controls: 1, target: "rx", generator: 0.5 * Raised.Beside(PauliX));
    public static readonly Gate Cry = Add("cry(theta) control,target", "rx(pi/2) target; crz(theta) control,target; rx(-pi/2) target", "cry(-theta) control,target",
        t => Rotate(PauliY, t[0]).Controlled(), Both, [Controlled], controls: 1, target: "ry", generator: 0.5 * Raised.Beside(PauliY));
    public static readonly Gate Csx = Add("csx control,target", "h target; cp(pi/2) control,target; h target", null,
        _ => (Turn(Math.PI / 4) * Rotate(PauliX, Math.PI / 2)).Controlled(), Qelib1, controls: 1, target: "sx");
    public static readonly Gate Cu3 = Add("cu3(theta,phi,lambda) control,target",
        "p((lambda+phi)/2) control; p((lambda-phi)/2) target; cx control,target; u3(-theta/2,0,-(phi+lambda)/2) target; cx control,target; u3(theta/2,phi,0) target", "cu3(-theta,-lambda,-phi) control,target",
        t => General(t[0], t[1], t[2]).Controlled(), Qelib1, [Controlled, Phase, Phase], controls: 1, target: "u3", rotations: "cp(lambda) control,target; cry(theta) control,target; cp(phi) control,target");
    public static readonly Gate Cu = Add("cu(theta,phi,lambda,gamma) control,target", "p(gamma) control; cu3(theta,phi,lambda) control,target", "cu(-theta,-lambda,-phi,-gamma) control,target",
        t => (Turn(t[3]) * General(t[0], t[1], t[2])).Controlled(), Both, [Controlled, Phase, Phase, Phase], controls: 1, symbol: "U",
        rotations: "p(gamma) control; cp(lambda) control,target; cry(theta) control,target; cp(phi) control,target");

    // Two qubits alike.
    public static readonly Gate Swap = Add("swap a,b", "cx a,b; cx b,a; cx a,b", "swap a,b", _ => Permute(4, i => ((i & 1) << 1) | (i >> 1)), Both);
    public static readonly Gate Rzz = Add("rzz(theta) a,b", "cx a,b; rz(theta) b; cx a,b", "rzz(-theta) a,b", t => Rotate(PauliZ.Beside(PauliZ), t[0]), Qelib1, [Rotation], generator: 0.5 * PauliZ.Beside(PauliZ));
    public static readonly Gate Rxx = Add("rxx(theta) a,b", "h a; h b; rzz(theta) a,b; h a; h b", "rxx(-theta) a,b", t => Rotate(PauliX.Beside(PauliX), t[0]), Qelib1, [Rotation], generator: 0.5 * PauliX.Beside(PauliX));
    public static readonly Gate Ryy = Add("ryy(theta) a,b", "rx(pi/2) a; rx(pi/2) b; rzz(theta) a,b; rx(-pi/2) a; rx(-pi/2) b", "ryy(-theta) a,b", t => Rotate(PauliY.Beside(PauliY), t[0]), None, [Rotation], generator: 0.5 * PauliY.Beside(PauliY));
    public static readonly Gate Rzx = Add("rzx(theta) a,b", "h b; rzz(theta) a,b; h b", "rzx(-theta) a,b", t => Rotate(PauliZ.Beside(PauliX), t[0]), None, [Rotation], generator: 0.5 * PauliZ.Beside(PauliX));
    public static readonly Gate Iswap = Add("iswap a,b", "s a; s b; h a; cx a,b; cx b,a; h b", null, _ => new Matrix(4, [1, 0, 0, 0, 0, 0, I, 0, 0, I, 0, 0, 0, 0, 0, 1]), None);
    public static readonly Gate Ecr = Add("ecr a,b", "rzx(pi/4) a,b; x a; rzx(-pi/4) a,b", "ecr a,b", _ => Half * new Matrix(4, [0, 1, 0, I, 1, 0, -I, 0, 0, I, 0, 1, -I, 0, 1, 0]), None);

    // Three qubits.
    public static readonly Gate Ccx = Add("ccx control,second,target",
        "h target; cx second,target; tdg target; cx control,target; t target; cx second,target; tdg target; cx control,target; t second; t target; h target; cx control,second; t control; tdg second; cx control,second",
        "ccx control,second,target", _ => PauliX.Controlled().Controlled(), Both, controls: 2, target: "x", symbol: "X");
    public static readonly Gate Ccz = Add("ccz control,second,target", "h target; ccx control,second,target; h target", "ccz control,second,target", _ => PauliZ.Controlled().Controlled(), None, controls: 2, target: "z");
    public static readonly Gate Cswap = Add("cswap control,a,b", "cx b,a; ccx control,a,b; cx b,a", "cswap control,a,b", _ => Swap!.MatrixOf().Controlled(), Both, controls: 1, target: "swap");

    /// <summary>All gates, each behind those that its definition calls.</summary>
    public static ValueList<Gate> All { get; } = Table.Values.ToValueList();

    /// <summary>The gate of this name or of its older or longer name (u1, cu1, cphase, phase, CX); null if there is none.</summary>
    public static Gate? Find(string name) => Table.GetValueOrDefault(name switch
    {
        "u1" or "phase" => "p",
        "cu1" or "cphase" => "cp",
        "u" => "u3",
        "CX" or "cnot" => "cx",
        "toffoli" => "ccx",
        "fredkin" => "cswap",
        _ => name,
    });

    /// <summary>The gate with one control more than this; null if the table has none.</summary>
    public static Gate? WithControl(Gate gate) => All.AsEnumerable().FirstOrDefault(g => g.Controls == gate.Controls + 1 && g.Target == (gate.Target ?? gate));

    private static Gate Add(
        string signature, string definition, string? inverse, Func<double[], Matrix> matrix, GateLibraries libraries,
        (int Period, int UpToPhase, ShiftRule Rule)[]? angles = null, int controls = 0, string? target = null, string? symbol = null, Matrix? generator = null, string? rotations = null)
    {
        (string name, ValueList<string> parameters, ValueList<string> qubits) = GateText.Signature(signature);
        GateParameter[] described = [.. (angles ?? []).Select((a, i) => new GateParameter(parameters[i], a.Period, a.UpToPhase, a.Rule))];
        var gate = new Gate(name, qubits, described.ToValueList(), matrix, target, inverse, rotations)
        {
            Controls = controls,
            Symbol = symbol ?? (target ?? name).ToUpperInvariant(),
            Definition = definition.Length == 0 ? null : GateText.Body(definition, parameters, qubits, n => Table[n]),
            Libraries = libraries,
            Generator = generator,
        };
        Table.Add(name, gate);
        return gate;
    }

    /// <summary>The general gate of one qubit, cos(theta/2) real at its first place.</summary>
    private static Matrix General(double theta, double phi, double lambda)
    {
        double c = Math.Cos(theta / 2), s = Math.Sin(theta / 2);
        return new Matrix(2, [c, -s * Turn(lambda), s * Turn(phi), c * Turn(phi + lambda)]);
    }

    /// <summary>exp(-i angle/2 G) for a G that is its own inverse.</summary>
    private static Matrix Rotate(Matrix generator, double angle) =>
        (Complex)Math.Cos(angle / 2) * Matrix.Identity(generator.Dimension) + -I * Math.Sin(angle / 2) * generator;

    private static Matrix Permute(int dimension, Func<int, int> to) => Matrix.Build(dimension, (r, c) => to(c) == r ? 1 : 0);

    private static Complex Turn(double angle) => new(Math.Cos(angle), Math.Sin(angle));
}
