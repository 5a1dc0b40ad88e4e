using Hone.Model;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Qasm;

/// <summary>Reads statements one by one into instructions.</summary>
internal sealed class QasmStatements
{
    private const int DeepestBlock = 100;
    private readonly Lexer _lexer;
    private readonly bool _three;
    private readonly Scope _scope;
    private readonly Expressions _expressions;
    private readonly GateCalls _calls;
    private readonly Conditions _conditions;
    private List<Instruction> _instructions = [];
    private Angle _phase = 0;
    private int _depth;
    private bool _conditional;

    public QasmStatements(Lexer lexer, bool three)
    {
        (_lexer, _three, _scope) = (lexer, three, new Scope(three));
        _expressions = new Expressions(lexer, _scope.Resolve, three);
        _calls = new GateCalls(lexer, _scope, _expressions, three, QasmReader.MostInstructions);
        _conditions = new Conditions(lexer, _scope, _expressions, three);
    }

    /// <summary>The whole text.</summary>
    public Circuit Read()
    {
        while (_lexer.Next.Kind != TokenKind.End) Statement();
        return new Circuit(_scope.QubitRegisters, _scope.BitRegisters, _scope.Parameters, _instructions.ToValueList(), _phase);
    }

    private void Statement()
    {
        Token word = _lexer.Next;
        if (word.Is(";") && _three) _lexer.Take();
        else if (word.Kind != TokenKind.Name) throw word.Error($"expected a statement, got {word}");
        else if (!Shared(word) && !(_three ? Three(word) : Two(word))) Operation();
    }

    /// <summary>Statements of both versions.</summary>
    private bool Shared(Token word)
    {
        switch (word.Text)
        {
            case "include":
                _lexer.Take();
                Token file = _lexer.Take();
                if (file.Kind != TokenKind.Text) throw file.Error($"expected a file's name in quotes behind 'include', got {file}");
                _scope.Include(file);
                End("an include");
                return true;
            case "gate":
                _lexer.Take();
                _calls.Definition();
                return true;
            case "qreg" or "creg":
                _lexer.Take();
                Token name = _lexer.ExpectName("a register's name");
                long size = Size(name, optional: _three);
                if (word.Text == "qreg") _scope.AddQubits(name, size);
                else _scope.AddBits(name, size);
                End("a declaration");
                return true;
            case "barrier":
                _lexer.Take();
                Add(word, new Instruction.Barrier(_lexer.Next.Is(";") ? Everything() : Qubits("a barrier").SelectMany(q => q.Items).Distinct().ToValueList()));
                End("a barrier");
                return true;
            case "reset":
                _lexer.Take();
                foreach (int qubit in Operand().Items) Add(word, new Instruction.Reset(qubit));
                End("a reset");
                return true;
            case "measure":
                Measure(null);
                return true;
            case "if":
                If();
                return true;
            default: return false;
        }
    }

    private bool Two(Token word)
    {
        if (word.Text != "opaque") return false;
        _lexer.Take();
        _calls.Opaque();
        return true;
    }

    private bool Three(Token word)
    {
        switch (word.Text)
        {
            case "qubit" or "bit":
                _lexer.Take();
                long size = _lexer.Next.Is("[") ? Size(word, optional: false) : 1;
                Token name = _lexer.ExpectName("a register's name");
                if (word.Text == "qubit") _scope.AddQubits(name, size);
                else _scope.AddBits(name, size);
                if (word.Text == "bit" && _lexer.TakeIf("=")) Measure((name, [.. Enumerable.Range(_scope.Bits(name).First, (int)size)]));
                else End("a declaration");
                return true;
            case "input":
                _lexer.Take();
                Type("a parameter's type", "angle", "float");
                _scope.AddParameter(_lexer.ExpectName("a parameter's name"));
                End("a declaration");
                return true;
            case "const":
                _lexer.Take();
                bool whole = Type("a constant's type", "int", "uint", "float", "angle") is "int" or "uint";
                Token constant = _lexer.ExpectName("a constant's name");
                _lexer.Expect("=", "behind a constant's name");
                _scope.Set(constant, whole ? Value.Int(_expressions.Whole("a whole constant")) : Value.Real(_expressions.Number("a constant")));
                End("a declaration");
                return true;
            case "for":
                For();
                return true;
            case "delay":
                Delay();
                return true;
            case "box":
                Box();
                return true;
            case "def" or "defcal" or "cal" or "defcalgrammar" or "extern" or "while" or "switch" or "let" or "array" or "output" or "return" or "end" or "break" or "continue"
                or "int" or "uint" or "float" or "angle" or "bool" or "complex" or "duration" or "stretch" or "pragma":
                throw word.Error($"expected a statement that a circuit can hold, got '{word.Text}': classical computation beyond constants, 'if' and 'for' is not read");
            default: return false;
        }
    }

    /// <summary>A gate on qubits, each whole register standing for its qubits in turn; or, in OpenQASM 3, bits = measure qubits.</summary>
    private void Operation()
    {
        if (_three && IsBits(_lexer.Next))
        {
            Token bits = _lexer.Next;
            int[] into = BitOperand();
            _lexer.Expect("=", "behind the bits of an assignment");
            Measure((bits, into));
            return;
        }
        var (at, callee, modifiers, angles) = _calls.Head(_expressions, _scope.Gate);
        List<(Token At, int[] Items, bool Whole)> operands = _lexer.Next.Is(";") ? [] : Qubits($"'{at.Text}'");
        End($"the qubits of '{at.Text}'");
        int count = 1;
        foreach ((Token place, int[] items, bool whole) in operands)
        {
            if (!whole) continue;
            if (count > 1 && items.Length != count) throw place.Error($"expected registers of one size for '{at.Text}', got {count} and {items.Length} qubits");
            count = items.Length;
        }
        long size = _calls.Size(at, callee, modifiers);
        if (_instructions.Count + size * count > QasmReader.MostInstructions) throw at.Error($"expected a circuit of at most {QasmReader.MostInstructions} instructions, got more with this call of '{at.Text}'");
        for (int i = 0; i < count; i++)
        {
            Fragment made = GateCalls.Spell(at, callee, modifiers, angles, operands.Select(o => o.Whole ? o.Items[i] : o.Items[0]).ToValueList());
            _instructions.AddRange(made.Steps);
            if (!_conditional) _phase += made.Phase;   // which branch was taken is known, so a branch's own phase is never seen
        }
    }

    /// <summary>measure qubits -> bits; with <paramref name="into"/>, bits = measure qubits.</summary>
    private void Measure((Token At, int[] Items)? into)
    {
        Token word = _lexer.Expect("measure", "as what a bit is set to");
        int[] qubits = Operand().Items;
        (Token at, int[] bits) = into ?? (_lexer.Expect("->", "behind the measured qubits: a result must go somewhere"), BitOperand());
        End("a measurement");
        if (bits.Length != qubits.Length) throw at.Error($"expected as many bits as qubits are measured, got {bits.Length} for {qubits.Length}");
        for (int i = 0; i < bits.Length; i++) Add(word, new Instruction.Measure(qubits[i], bits[i]));
    }

    private void If()
    {
        Token word = _lexer.Take();
        (int first, int bits, long value) = _conditions.Read();
        List<Instruction> outer = _instructions;
        bool wasConditional = _conditional;
        (_instructions, _conditional) = ([], true);
        if (_three) Block("if");
        else Statement();
        if (_three && _lexer.Next.Is("else")) throw _lexer.Next.Error("expected no 'else': write a second 'if' with the opposite condition");
        (List<Instruction> body, _instructions, _conditional) = (_instructions, outer, wasConditional);
        bool changed = body.SkipLast(1).Any(i => Written(i) is { } bit && bit >= first && bit < first + bits);
        if (changed) throw word.Error("expected the bits of a condition to stay as they are within its body, got a measurement into them before its end");
        foreach (Instruction instruction in body) Add(word, new Instruction.When(first, bits, value, instruction));
    }

    private static int? Written(Instruction instruction) => instruction switch
    {
        Instruction.Measure measure => measure.Bit,
        Instruction.When conditional => Written(conditional.Body),
        _ => null,
    };

    private void For()
    {
        _lexer.Take();
        Type("the type of a loop's variable", "int", "uint");
        Token name = _lexer.ExpectName("a loop's variable");
        if (_scope.Declared(name.Text)) throw name.Error($"expected a new name, got '{name.Text}', which is declared already");
        _lexer.Expect("in", "behind a loop's variable");
        List<long> values = _conditions.Range();
        var body = _lexer.Mark;
        if (values.Count == 0) throw name.Error("expected a loop over at least one value, got none");
        foreach (long value in values)
        {
            _lexer.Return(body);
            _scope.SetLoop(name, value);
            Block("for");
        }
        _scope.SetLoop(name, null);
    }

    private void Block(string of)
    {
        if (++_depth > DeepestBlock) throw _lexer.Next.Error($"expected at most {DeepestBlock} blocks within each other");
        if (_lexer.TakeIf("{"))
            while (!_lexer.TakeIf("}"))
            {
                if (_lexer.Next.Kind == TokenKind.End) throw _lexer.Next.Error($"expected '}}' at the end of '{of}', got {_lexer.Next}");
                Statement();
            }
        else Statement();
        _depth--;
    }

    private void Delay()
    {
        Token word = _lexer.Take();
        _lexer.Expect("[", "behind 'delay'");
        double duration = _expressions.Number("a duration");
        Token unit = _lexer.ExpectName("a unit of time: dt, ns, us, ms or s");
        double? scale = unit.Text switch { "dt" or "s" => 1, "ms" => 1e-3, "us" or "µs" => 1e-6, "ns" => 1e-9, _ => null };
        if (scale is null || duration < 0) throw unit.Error($"expected a duration of at least 0 in dt, ns, us, ms or s, got {duration} {unit.Text}");
        _lexer.Expect("]", "behind a duration");
        ValueList<int> qubits = Qubits("a delay").SelectMany(q => q.Items).Distinct().ToValueList();
        End("a delay");
        Add(word, new Instruction.Delay(duration * scale.Value, unit.Text == "dt", qubits));
    }

    /// <summary>What stands in a box is not mixed with what stands around it: a barrier before and behind.</summary>
    private void Box()
    {
        Token word = _lexer.Take();
        if (_lexer.Next.Is("[")) throw _lexer.Next.Error("expected a box without a duration");
        int from = _instructions.Count;
        Block("box");
        var barrier = new Instruction.Barrier(_instructions.Skip(from).SelectMany(i => i.Qubits.AsEnumerable()).Distinct().Order().ToValueList());
        if (barrier.Qubits.Count == 0) return;
        _instructions.Insert(from, barrier);
        Add(word, barrier);
    }

    private void Add(Token at, Instruction instruction)
    {
        if (_instructions.Count >= QasmReader.MostInstructions) throw at.Error($"expected a circuit of at most {QasmReader.MostInstructions} instructions");
        _instructions.Add(instruction);
    }

    private List<(Token At, int[] Items, bool Whole)> Qubits(string of)
    {
        var operands = new List<(Token, int[], bool)>();
        do
        {
            Token at = _lexer.Next.Kind == TokenKind.Name ? _lexer.Next : throw _lexer.Next.Error($"expected the qubits of {of}, got {_lexer.Next}");
            (int[] items, bool whole) = Operand();
            operands.Add((at, items, whole));
        }
        while (_lexer.TakeIf(","));
        return operands;
    }

    private (int[] Items, bool Whole) Operand()
    {
        Token name = _lexer.ExpectName("a register of qubits");
        Register register = _scope.Qubits(name);
        return (_conditions.Part(name, register, out bool whole), whole && register.Name[0] != '$');
    }

    private int[] BitOperand()
    {
        Token name = _lexer.ExpectName("a register of classical bits");
        return _conditions.Part(name, _scope.Bits(name), out _);
    }

    private bool IsBits(Token name) => _scope.BitRegisters.AsEnumerable().Any(r => r.Name == name.Text);

    private ValueList<int> Everything() => Enumerable.Range(0, _scope.QubitRegisters.AsEnumerable().Sum(r => r.Size)).ToValueList();

    private long Size(Token name, bool optional)
    {
        if (optional && !_lexer.Next.Is("[")) return 1;
        _lexer.Expect("[", $"behind '{name.Text}': a register has a size");
        long size = _expressions.Whole("a register's size");
        _lexer.Expect("]", "behind a register's size");
        return size;
    }

    /// <summary>One of these types, with or without a width.</summary>
    private string Type(string what, params string[] types)
    {
        Token type = _lexer.ExpectName(what);
        if (!types.Contains(type.Text)) throw type.Error($"expected {what} ({string.Join(", ", types)}), got {type}");
        if (_lexer.TakeIf("["))
        {
            _expressions.Whole("a width in bits");
            _lexer.Expect("]", "behind a type's width");
        }
        return type.Text;
    }

    private void End(string behind) => _lexer.Expect(";", $"behind {behind}");
}
