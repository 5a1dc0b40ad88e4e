using Hone.Quantum.Circuits;

namespace Hone.Quantum.Qasm;

/// <summary>Reads parts of registers, ranges, and the conditions of <c>if</c>.</summary>
internal sealed class Conditions(Lexer lexer, Scope scope, Expressions expressions, bool three)
{
    private const int LongestRange = 1_000_000;

    /// <summary>(c == 3), (c[0] == 1); in OpenQASM 3 also (c[0]) and (!c[0]): bits from the first on hold the value.</summary>
    public (int First, int Bits, long Value) Read()
    {
        lexer.Expect("(", "behind 'if'");
        bool not = three && lexer.TakeIf("!");
        Token name = lexer.ExpectName("a register of classical bits");
        int[] bits = Part(name, scope.Bits(name), out _);
        if (bits.Length > 63) throw name.Error($"expected a condition on at most 63 bits, got {bits.Length}");
        for (int i = 1; i < bits.Length; i++)
            if (bits[i] != bits[0] + i) throw name.Error("expected bits that stand side by side in a condition");
        long value = not ? 0 : 1;
        if (!three || (!not && !lexer.Next.Is(")")))
        {
            lexer.Expect("==", "in a condition: bits are compared with a number");
            Token at = lexer.Next;
            value = three && at.Text is "true" or "false" ? Flag(lexer.Take()) : expressions.Whole("a number of the bits");
            if (value < 0 || value >= 1L << bits.Length) throw at.Error($"expected 0 to {(1L << bits.Length) - 1} for {bits.Length} bits, got {value}");
        }
        else if (bits.Length != 1) throw name.Error($"expected one bit as a condition, got {bits.Length}: compare them with a number");
        lexer.Expect(")", "behind a condition");
        return (bits[0], bits.Length, value);
    }

    /// <summary>[first:last], [first:step:last] (both ends in) or {a, b, c}.</summary>
    public List<long> Range()
    {
        var values = new List<long>();
        if (lexer.TakeIf("{"))
        {
            do values.Add(expressions.Whole("a value"));
            while (lexer.TakeIf(","));
            lexer.Expect("}", "behind the values of a set");
            return values;
        }
        Token open = lexer.Expect("[", "before a range");
        long first = expressions.Whole("the first of a range");
        lexer.Expect(":", "in a range");
        long last = expressions.Whole("the last of a range"), step = 1;
        if (lexer.TakeIf(":")) (step, last) = (last, expressions.Whole("the last of a range"));
        lexer.Expect("]", "behind a range");
        return Steps(open, first, step, last);
    }

    /// <summary>A register, an item of it, or (OpenQASM 3) a slice: the indices in the circuit.</summary>
    public int[] Part(Token name, Register register, out bool whole)
    {
        whole = !lexer.Next.Is("[");
        if (whole) return [.. Enumerable.Range(register.First, register.Size)];
        if (register.Name[0] == '$') throw lexer.Next.Error("expected a physical qubit without an index");
        Token open = lexer.Take();
        Token at = lexer.Next;
        long first = Inside(at, register, expressions.Whole("an index"));
        List<long> indices = [first];
        if (three && lexer.TakeIf(":"))
        {
            long step = 1, last = expressions.Whole("an index");
            if (lexer.TakeIf(":")) (step, last) = (last, expressions.Whole("an index"));
            indices = Steps(open, first, step, Inside(at, register, last));
            whole = true;
            if (indices.Count == 0) throw open.Error("expected a slice of at least one, got none");
        }
        lexer.Expect("]", $"behind an index of '{name.Text}'");
        return [.. indices.Select(i => register.First + (int)i)];
    }

    private long Inside(Token at, Register register, long index)
    {
        long counted = three && index < 0 ? register.Size + index : index;
        return counted >= 0 && counted < register.Size ? counted : throw at.Error($"expected an index of 0 to {register.Size - 1} for '{register.Name}', got {index}");
    }

    private static List<long> Steps(Token at, long first, long step, long last)
    {
        if (step == 0) throw at.Error("expected a step that is not 0");
        if ((last - first) / step > LongestRange) throw at.Error($"expected a range of at most {LongestRange} values, got {(last - first) / step + 1}");
        var values = new List<long>();
        for (long value = first; step > 0 ? value <= last : value >= last; value += step) values.Add(value);
        return values;
    }

    private static long Flag(Token word) => word.Text == "true" ? 1 : 0;
}
