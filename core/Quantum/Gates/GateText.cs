using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Qasm;

namespace Hone.Quantum.Gates;

/// <summary>Reads the texts of the gate table: signatures, "crx(theta) control,target", and bodies, "h b; cx a,b; gphase(pi/4)".</summary>
internal static class GateText
{
    /// <summary>A gate's name, parameters and qubits.</summary>
    public static (string Name, ValueList<string> Parameters, ValueList<string> Qubits) Signature(string text)
    {
        var lexer = new Lexer(text);
        string name = lexer.ExpectName("a gate's name").Text;
        ValueList<string> parameters = lexer.TakeIf("(") ? Names(lexer) : [];
        if (parameters.Count > 0) lexer.Expect(")", "behind the parameters");
        return (name, parameters, Names(lexer));
    }

    /// <summary>Calls of gates that are known already.</summary>
    public static GateBody Body(string text, ValueList<string> parameters, ValueList<string> qubits, Func<string, Gate> gate)
    {
        var lexer = new Lexer(text);
        var expressions = new Expressions(lexer, name => Parameter(parameters, name), wholeDivision: false);
        var calls = new List<GateCall>();
        Angle phase = 0;
        do
        {
            string name = lexer.ExpectName("a gate").Text;
            var angles = new List<Angle>();
            if (lexer.TakeIf("("))
            {
                do angles.Add(expressions.Angle());
                while (lexer.TakeIf(","));
                lexer.Expect(")", "behind the angles");
            }
            if (name == "gphase") phase += angles[0];
            else calls.Add(new GateCall(gate(name), angles.ToValueList(), Names(lexer).AsEnumerable().Select(q => qubits.AsEnumerable().ToList().IndexOf(q)).ToValueList()));
        }
        while (lexer.TakeIf(";"));
        return new GateBody(calls.ToValueList(), phase);
    }

    private static ValueList<string> Names(Lexer lexer)
    {
        var names = new List<string>();
        do names.Add(lexer.ExpectName("a name").Text);
        while (lexer.TakeIf(","));
        return names.ToValueList();
    }

    private static Value? Parameter(ValueList<string> parameters, string name)
    {
        for (int i = 0; i < parameters.Count; i++)
            if (parameters[i] == name) return Value.Real(Angle.Of(i));
        return null;
    }
}
