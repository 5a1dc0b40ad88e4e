using System.Globalization;
using Hone.Model;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Backends;

/// <summary>
/// A machine's figures as a short table, tab-separated: <c>machine NAME CALIBRATION GATE,GATE..</c> (or one entangler: id, rz, sx and x are taken with it),
/// <c>times_ns SAMPLE TURN READOUT</c>, <c>qubit I T1_us T2_us ONE_FOR_ZERO ZERO_FOR_ONE [ERROR of id, sx and x, which take TURN]</c>, <c>pair A B ERROR NS</c> of the entangler,
/// <c>gate NAME I ERROR NS</c> of any other gate on one qubit. Lines that begin with # say something to people. rz takes no time and does not err where nothing else is said.
/// </summary>
public static class MachineTable
{
    private const double Nano = 1e-9, Micro = 1e-6;
    private static readonly Gate[] Turns = [StandardGates.Id, StandardGates.Sx, StandardGates.X];

    /// <summary>One of those that come along.</summary>
    internal static Backend Read(string name)
    {
        using Stream stream = typeof(MachineTable).Assembly.GetManifestResourceStream($"Hone.Quantum.Backends.Machines.{name}.tsv") ?? throw new InvalidOperationException($"no table of {name}");
        using var text = new StreamReader(stream);
        return Parse(text.ReadToEnd());
    }

    /// <exception cref="HoneException">Not such a table; says what is missing.</exception>
    public static Backend Parse(string text)
    {
        ILookup<string, string[]> lines = text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t')).ToLookup(l => l[0], l => l[1..]);
        try
        {
            string[] machine = lines["machine"].Single();
            double[] times = Numbers(lines["times_ns"].Single());
            Gate[] named = [.. machine[2].Split(',').Select(Known)];
            Gate[] basis = named.Length > 1 ? named : [named[0], StandardGates.Id, StandardGates.Rz, StandardGates.Sx, StandardGates.X];
            Gate entangler = basis.First(g => g.Qubits == 2);
            (int Qubit, double[] Figures)[] qubits = [.. lines["qubit"].Select(l => (Index(l[0]), Numbers(l[1..])))];
            (int A, int B, double[] Figures)[] pairs = [.. lines["pair"].Select(l => (Index(l[0]), Index(l[1]), Numbers(l[2..])))];
            IEnumerable<GateFigures> turns = Turns.Where(basis.Contains).SelectMany(gate => qubits.Where(q => q.Figures.Length > 4).Select(q => new GateFigures(gate, [q.Qubit], q.Figures[4], times[1] * Nano)));
            IEnumerable<GateFigures> others = lines["gate"].Select(l => new GateFigures(Known(l[0]), [Index(l[1])], Numbers(l[2..])[0], Numbers(l[2..])[1] * Nano));
            IEnumerable<GateFigures> frames = basis.Contains(StandardGates.Rz) ? qubits.Select(q => new GateFigures(StandardGates.Rz, [q.Qubit], 0, 0)) : [];
            IEnumerable<GateFigures> entangling = pairs.Select(p => new GateFigures(entangler, [p.A, p.B], p.Figures[0], p.Figures[1] * Nano));
            if (qubits.Length == 0 || pairs.Length == 0) throw new HoneException($"expected a table of a machine with qubits and pairs, got {qubits.Length} and {pairs.Length}");
            return new Backend(machine[0], machine[1], [.. basis], [.. pairs.Select(p => (p.A, p.B))],
                [.. qubits.Select(q => new QubitFigures(q.Figures[0] * Micro, q.Figures[1] * Micro, q.Figures[2], q.Figures[3], times[2] * Nano))],
                [.. turns, .. frames, .. others, .. entangling], times[0] * Nano, []);
        }
        catch (Exception e) when (e is InvalidOperationException or IndexOutOfRangeException or FormatException or ArgumentException)
        {
            throw new HoneException($"expected a table of a quantum machine (lines machine, times_ns, qubit, pair), got {text.Length} characters that are none: {e.Message}", e);
        }
    }

    /// <summary>A machine as such a table: what a study file carries of a machine that people have files of. Readouts take the longest time of any qubit.</summary>
    public static string Write(Backend machine)
    {
        var lines = new List<string>
        {
            Line("machine", machine.Name, machine.Calibration, string.Join(',', machine.Basis.AsEnumerable().Select(g => g.Name))),
            Line("times_ns", machine.SampleSeconds / Nano, 0, machine.QubitFigures.AsEnumerable().Max(q => q.ReadoutSeconds) / Nano),
        };
        lines.AddRange(machine.QubitFigures.AsEnumerable().Select((q, i) => Line("qubit", i, q.T1 / Micro, q.T2 / Micro, q.OneForZero, q.ZeroForOne)));
        foreach (GateFigures figures in machine.GateFigures)
            if (figures.Gate == machine.Entangler) lines.Add(Line("pair", figures.Qubits[0], figures.Qubits[1], figures.Error, figures.Seconds / Nano));
            else if (figures.Gate != StandardGates.Rz && figures.Qubits.Count == 1) lines.Add(Line("gate", figures.Gate.Name, figures.Qubits[0], figures.Error, figures.Seconds / Nano));
        return string.Join('\n', lines) + "\n";
    }

    private static string Line(string kind, params object[] values) => string.Join('\t', [kind, .. values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v}"))]);

    private static Gate Known(string name) => StandardGates.Find(name) ?? throw new HoneException($"expected the name of a gate, got '{name}'");

    private static int Index(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double[] Numbers(string[] text) => [.. text.Select(t => double.Parse(t, CultureInfo.InvariantCulture))];
}
