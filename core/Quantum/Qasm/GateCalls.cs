using Hone.Model;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Qasm;

/// <summary>Reads calls and definitions of gates.</summary>
internal sealed class GateCalls(Lexer lexer, Scope scope, Expressions expressions, bool three, long mostInstructions)
{
    /// <summary>The head of a call: modifiers, gate, angles. Qubits follow.</summary>
    public (Token At, Callee Callee, ValueList<Modifier> Modifiers, ValueList<Angle> Angles) Head(Expressions angles, Func<Token, Callee> gate)
    {
        var modifiers = new List<Modifier>();
        while (three && lexer.Next.Text is "ctrl" or "negctrl" or "inv" or "pow" && lexer.Next.Kind == TokenKind.Name) modifiers.Add(ReadModifier());
        Token name = lexer.ExpectName("a gate");
        Callee callee = gate(name);
        var given = new List<Angle>();
        if (lexer.TakeIf("(") && !lexer.TakeIf(")"))
        {
            do given.Add(angles.Angle());
            while (lexer.TakeIf(","));
            lexer.Expect(")", "behind the angles of a gate");
        }
        if (given.Count != callee.Parameters) throw name.Error($"expected {callee.Parameters} angles for '{name.Text}', got {given.Count}");
        return (name, callee, modifiers.ToValueList(), given.ToValueList());
    }

    /// <summary>Spells a call out on these qubits, or says at its place why it cannot be.</summary>
    public static Fragment Spell(Token at, Callee callee, ValueList<Modifier> modifiers, ValueList<Angle> angles, ValueList<int> qubits)
    {
        int expected = callee.Qubits + modifiers.AsEnumerable().Sum(m => m.Controls);
        if (qubits.Count != expected) throw at.Error($"expected {expected} qubits for '{at.Text}', got {qubits.Count}");
        if (qubits.AsEnumerable().Distinct().Count() < qubits.Count) throw at.Error($"expected different qubits for '{at.Text}', got one twice");
        try
        {
            return Modifier.Apply(callee, modifiers.Span, angles, qubits.Span);
        }
        catch (NotSupportedException refused)
        {
            throw at.Error(refused.Message);
        }
    }

    /// <summary>Refuses a call that would become more instructions than a circuit may have.</summary>
    public long Size(Token at, Callee callee, ValueList<Modifier> modifiers)
    {
        long size = callee.Size;
        foreach (Modifier modifier in modifiers)
            size = modifier.Growth > mostInstructions / size ? mostInstructions + 1 : size * modifier.Growth;
        return size <= mostInstructions ? size : throw at.Error($"expected a circuit of at most {mostInstructions} instructions, got more with this call of '{at.Text}'");
    }

    /// <summary>gate NAME(parameters) qubits { calls }, behind the word gate.</summary>
    public void Definition()
    {
        Token name = lexer.ExpectName("a name for the gate");
        ValueList<string> parameters = lexer.TakeIf("(") ? Names(")", "behind the gate's parameters") : [];
        ValueList<string> qubits = Names("{", "behind the gate's qubits");
        if (qubits.Count == 0) throw name.Error($"expected at least one qubit for '{name.Text}', got none");
        var inner = new Expressions(lexer, text => Place(parameters, text) is >= 0 and var p ? Value.Real(Angle.Of(p)) : Constant(text), three);
        var calls = new List<Call>();
        long size = 0;
        while (!lexer.TakeIf("}"))
        {
            if (lexer.Next.Kind == TokenKind.End) throw lexer.Next.Error($"expected '}}' at the end of gate '{name.Text}', got {lexer.Next}");
            if (lexer.TakeIf("barrier"))
            {
                calls.Add(new Call(null, [], [], Operands(qubits)));
                continue;
            }
            var (at, callee, modifiers, angles) = Head(inner, called => called.Text == name.Text
                ? throw called.Error($"expected a gate that is defined above, got '{called.Text}' itself: a gate cannot call itself") : scope.Gate(called));
            ValueList<int> on = Operands(qubits);
            int expected = callee.Qubits + modifiers.AsEnumerable().Sum(m => m.Controls);
            if (on.Count != expected) throw at.Error($"expected {expected} qubits for '{at.Text}', got {on.Count}");
            if (on.AsEnumerable().Distinct().Count() < on.Count) throw at.Error($"expected different qubits for '{at.Text}', got one twice");
            calls.Add(new Call(callee, modifiers, angles, on));
            size = Math.Min(mostInstructions + 1, size + Size(at, callee, modifiers));
        }
        scope.Define(name, new Callee.Defined(name.Text, parameters.Count, qubits.Count, calls, Math.Max(1, size)));
    }

    /// <summary>opaque NAME(parameters) qubits;, behind the word opaque.</summary>
    public void Opaque()
    {
        Token name = lexer.ExpectName("a name for the gate");
        int parameters = lexer.TakeIf("(") ? Names(")", "behind the gate's parameters").Count : 0;
        scope.Define(name, new Callee.Opaque(name.Text, parameters, Names(";", "behind an opaque gate's qubits").Count));
    }

    private Value? Constant(string name) => scope.Resolve(name) is { Angle.IsConstant: true } value ? value : null;

    private Modifier ReadModifier()
    {
        Token word = lexer.Take();
        int count = 1;
        double exponent = 1;
        if (word.Text == "pow")
        {
            lexer.Expect("(", "behind 'pow'");
            exponent = expressions.Number("a power");
            if (Math.Abs(exponent) > mostInstructions) throw word.Error($"expected a power of at most {mostInstructions}, got {exponent}");
            lexer.Expect(")", "behind a power");
        }
        else if (word.Text != "inv" && lexer.TakeIf("("))
        {
            long controls = expressions.Whole("a number of controls");
            count = controls is >= 1 and <= 64 ? (int)controls : throw word.Error($"expected 1 to 64 controls, got {controls}");
            lexer.Expect(")", "behind the number of controls");
        }
        lexer.Expect("@", $"behind '{word.Text}'");
        ModifierKind kind = word.Text switch { "ctrl" => ModifierKind.Control, "negctrl" => ModifierKind.NegativeControl, "inv" => ModifierKind.Inverse, _ => ModifierKind.Power };
        return new Modifier(kind, count, exponent);
    }

    private ValueList<int> Operands(ValueList<string> qubits)
    {
        var places = new List<int>();
        if (!lexer.TakeIf(";"))
        {
            do
            {
                Token name = lexer.ExpectName("a qubit of the gate");
                int place = Place(qubits, name.Text);
                places.Add(place >= 0 ? place : throw name.Error($"expected a qubit of the gate ({string.Join(", ", qubits)}), got {name}"));
            }
            while (lexer.TakeIf(","));
            lexer.Expect(";", "behind a gate's qubits");
        }
        return places.ToValueList();
    }

    private ValueList<string> Names(string end, string after)
    {
        var names = new List<string>();
        if (!lexer.TakeIf(end))
        {
            do
            {
                Token name = lexer.ExpectName("a name");
                names.Add(!names.Contains(name.Text) ? name.Text : throw name.Error($"expected different names, got {name} twice"));
            }
            while (lexer.TakeIf(","));
            lexer.Expect(end, after);
        }
        return names.ToValueList();
    }

    private static int Place(ValueList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
            if (names[i] == name) return i;
        return -1;
    }
}
