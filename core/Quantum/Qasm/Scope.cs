using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Qasm;

/// <summary>What the names of a text stand for at a place of it.</summary>
/// <param name="three">OpenQASM 3; otherwise 2.</param>
internal sealed class Scope(bool three)
{
    /// <summary>More qubits or bits than any machine has are a slip of the pen.</summary>
    public const int MostQubits = 100_000;

    private readonly Dictionary<string, Callee> _gates = new(StringComparer.Ordinal)
    {
        ["U"] = three ? new Callee.PhasedU() : new Callee.Standard("U", StandardGates.U3),
        ["CX"] = new Callee.Standard("CX", StandardGates.Cx),
    };
    private readonly Dictionary<string, Register> _qubits = new(StringComparer.Ordinal), _bits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly List<string> _parameters = [];
    private readonly HashSet<string> _libraries = new(StringComparer.Ordinal);
    private int _physical;

    /// <summary>The circuit's registers and parameters as declared so far.</summary>
    public ValueList<Register> QubitRegisters => _physical > 0 ? [new Register("$", 0, _physical)] : InOrder(_qubits);

    public ValueList<Register> BitRegisters => InOrder(_bits);

    public ValueList<string> Parameters => _parameters.ToValueList();

    /// <summary>Opens a file of standard gates.</summary>
    public void Include(Token file)
    {
        GateLibraries library = file.Text switch
        {
            "qelib1.inc" => GateLibraries.Qelib1,
            "stdgates.inc" or "stdgates.qasm" => GateLibraries.StdGates,
            _ => throw file.Error($"expected \"qelib1.inc\" or \"stdgates.inc\" (both built in), got {file}: write other gates' definitions into the text itself"),
        };
        if (!_libraries.Add(file.Text)) return;
        foreach (Gate gate in StandardGates.All)
            if (gate.Libraries.HasFlag(library)) _gates[gate.Name] = new Callee.Standard(gate.Name, gate);
        string[] older = library == GateLibraries.Qelib1 ? ["u1", "cu1", "u"] : ["u1", "phase", "cphase"];
        foreach (string name in older) _gates[name] = new Callee.Standard(name, StandardGates.Find(name)!);
        if (three) _gates["gphase"] = new Callee.GlobalPhase();
    }

    /// <summary>The gate of this name.</summary>
    public Callee Gate(Token name)
    {
        if (three && name.Text == "gphase") return new Callee.GlobalPhase();
        if (_gates.TryGetValue(name.Text, out Callee? gate)) return gate;
        string library = three ? "stdgates.inc" : "qelib1.inc";
        bool known = StandardGates.Find(name.Text) is not null && !_libraries.Contains(library);
        throw name.Error($"expected a gate that is defined above, got '{name.Text}'" + (known ? $": include \"{library}\" first" : Nearest(name.Text)));
    }

    /// <summary>A gate that the text defines. One that says the same as the table's gate of that name is that gate.</summary>
    public void Define(Token name, Callee gate)
    {
        if (_qubits.ContainsKey(name.Text) || _bits.ContainsKey(name.Text)) throw name.Error($"expected a new name for a gate, got '{name.Text}', which is a register");
        Callee meant = StandardGates.Find(name.Text) is { } standard && Same(gate, standard) ? new Callee.Standard(name.Text, standard) : gate;
        if (_gates.TryGetValue(name.Text, out Callee? there) && there != meant) throw name.Error($"expected a new name for a gate, got '{name.Text}', which is defined already");
        _gates[name.Text] = meant;
    }

    /// <summary>A register of qubits.</summary>
    public void AddQubits(Token name, long size)
    {
        if (_physical > 0) throw name.Error("expected either registers or physical qubits ($0), got both");
        Add(_qubits, name, size, "qubits");
    }

    /// <summary>A register of classical bits.</summary>
    public void AddBits(Token name, long size) => Add(_bits, name, size, "bits");

    /// <summary>A free parameter of the circuit.</summary>
    public void AddParameter(Token name)
    {
        Set(name, Value.Real(Angle.Of(_parameters.Count)));
        _parameters.Add(name.Text);
    }

    /// <summary>A constant.</summary>
    public void Set(Token name, Value value)
    {
        if (Declared(name.Text)) throw name.Error($"expected a new name, got '{name.Text}', which is declared already");
        _values[name.Text] = value;
    }

    /// <summary>A loop's variable while its body is read; null takes it away again.</summary>
    public void SetLoop(Token name, long? value)
    {
        if (value is { } number) _values[name.Text] = Value.Int(number);
        else _values.Remove(name.Text);
    }

    /// <summary>What a name in an expression is worth.</summary>
    public Value? Resolve(string name) => _values.TryGetValue(name, out Value value) ? value : null;

    /// <summary>Whether anything has this name.</summary>
    public bool Declared(string name) => _qubits.ContainsKey(name) || _bits.ContainsKey(name) || _values.ContainsKey(name) || _gates.ContainsKey(name);

    /// <summary>The register of qubits of this name; physical qubits ($n) are their own.</summary>
    public Register Qubits(Token name)
    {
        if (three && name.Text[0] == '$') return Physical(name);
        return _qubits.TryGetValue(name.Text, out Register? register) ? register : throw name.Error($"expected a register of qubits that is declared above, got {name}");
    }

    /// <summary>The register of classical bits of this name.</summary>
    public Register Bits(Token name) =>
        _bits.TryGetValue(name.Text, out Register? register) ? register : throw name.Error($"expected a register of classical bits that is declared above, got {name}");

    private Register Physical(Token name)
    {
        if (_qubits.Count > 0) throw name.Error("expected either registers or physical qubits ($0), got both");
        if (!int.TryParse(name.Text.AsSpan(1), out int index) || index >= MostQubits) throw name.Error($"expected a physical qubit such as $0, of at most {MostQubits}, got {name}");
        _physical = Math.Max(_physical, index + 1);
        return new Register(name.Text, index, 1);
    }

    private void Add(Dictionary<string, Register> registers, Token name, long size, string what)
    {
        if (Declared(name.Text)) throw name.Error($"expected a new name for a register, got '{name.Text}', which is declared already");
        int first = registers.Values.Sum(r => r.Size);
        if (size < 1 || first + size > MostQubits) throw name.Error($"expected 1 to {MostQubits - first} {what} for '{name.Text}', got {size}");
        registers[name.Text] = new Register(name.Text, first, (int)size);
    }

    private string Nearest(string name)
    {
        string? near = _gates.Keys.FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase));
        return near is null ? "" : $"; did you mean '{near}'?";
    }

    private static bool Same(Callee gate, Gate standard)
    {
        if (gate is Callee.Opaque || gate.Parameters != standard.Parameters.Count || gate.Qubits != standard.Qubits || gate.Size > 1000) return false;
        double[] some = [.. Enumerable.Range(0, gate.Parameters).Select(i => 0.9 - 0.35 * i)];
        Fragment fragment = gate.On(some.Select(s => (Angle)s).ToValueList(), Enumerable.Range(0, gate.Qubits).ToValueList());
        Circuit circuit = Circuit.Of(gate.Qubits, fragment.Steps) with { Phase = fragment.Phase };
        return Simulation.ReferenceState.UnitaryOf(circuit).Distance(standard.MatrixOf(some)) < 1e-12;
    }

    private static ValueList<Register> InOrder(Dictionary<string, Register> registers) => registers.Values.OrderBy(r => r.First).ToValueList();
}
