using System.Globalization;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Qasm;

/// <summary>What an expression is worth: an angle that is affine in parameters, or a whole number (which divides as whole numbers do in OpenQASM 3).</summary>
internal readonly record struct Value(Angle Angle, bool Whole)
{
    public static Value Real(Angle angle) => new(angle, false);

    public static Value Int(double number) => new(number, true);
}

/// <summary>
/// Reads parameter expressions: + - * / ^ ** ( ), pi tau euler, sin cos tan arcsin arccos arctan exp ln log sqrt and names.
/// Products of two parameters, and functions of one, are no angles that a circuit can hold and are refused.
/// </summary>
/// <param name="resolve">What a name is worth; null if there is no such name.</param>
/// <param name="wholeDivision">Whether whole numbers divide to whole numbers (OpenQASM 3).</param>
internal sealed class Expressions(Lexer lexer, Func<string, Value?> resolve, bool wholeDivision)
{
    private const int Deepest = 200;   // of parentheses and signs, so that no text can exhaust the stack
    private int _depth;

    /// <summary>An angle in radians.</summary>
    public Angle Angle() => Sum().Angle;

    /// <summary>A whole number without parameters, of at most 2^53.</summary>
    /// <param name="what">For the message: "a register's size".</param>
    public long Whole(string what)
    {
        Token start = lexer.Next;
        Value value = Sum();
        double number = value.Angle.Offset;
        if (!value.Angle.IsConstant || number != Math.Floor(number) || Math.Abs(number) > 1L << 53)
            throw start.Error($"expected {what}, a whole number, got {value.Angle}");
        return (long)number;
    }

    /// <summary>A number without parameters.</summary>
    public double Number(string what)
    {
        Token start = lexer.Next;
        Angle angle = Sum().Angle;
        return angle.IsConstant ? angle.Offset : throw start.Error($"expected {what}, a number without parameters, got {angle}");
    }

    private Value Sum()
    {
        Value left = Product();
        while (lexer.Next.Is("+") || lexer.Next.Is("-"))
        {
            bool minus = lexer.Take().Text == "-";
            Value right = Product();
            left = new Value(minus ? left.Angle - right.Angle : left.Angle + right.Angle, left.Whole && right.Whole);
        }
        return left;
    }

    private Value Product()
    {
        Value left = Signed();
        while (lexer.Next.Is("*") || lexer.Next.Is("/") || lexer.Next.Is("%"))
        {
            Token sign = lexer.Take();
            left = Combine(sign, left, Signed());
        }
        return left;
    }

    private Value Combine(Token sign, Value left, Value right)
    {
        if (sign.Text == "*")
        {
            if (!left.Angle.IsConstant && !right.Angle.IsConstant) throw sign.Error("expected an angle that is affine in each parameter, got a product of two");
            return new Value(left.Angle.IsConstant ? left.Angle.Offset * right.Angle : right.Angle.Offset * left.Angle, left.Whole && right.Whole);
        }
        if (!right.Angle.IsConstant) throw sign.Error($"expected a divisor without parameters, got {right.Angle}");
        double divisor = right.Angle.Offset;
        if (divisor == 0) throw sign.Error("expected a divisor that is not 0");
        if (sign.Text == "%")
            return left.Angle.IsConstant ? new Value(left.Angle.Offset % divisor, left.Whole && right.Whole) : throw sign.Error($"expected numbers around '%', got {left.Angle}");
        if (left.Angle.IsConstant && left.Whole && right.Whole && wholeDivision) return Value.Int(Math.Truncate(left.Angle.Offset / divisor));
        return Value.Real(left.Angle.IsConstant ? left.Angle.Offset / divisor : 1 / divisor * left.Angle);
    }

    private Value Signed()
    {
        if (!lexer.Next.Is("-") && !lexer.Next.Is("+")) return Power();
        Token sign = lexer.Take();
        Value inner = Deeper(sign, Signed);
        return sign.Text == "-" ? inner with { Angle = -inner.Angle } : inner;
    }

    private Value Power()
    {
        Value basis = Atom();
        if (!lexer.Next.Is("^") && !lexer.Next.Is("**")) return basis;
        Token sign = lexer.Take();
        Value exponent = Deeper(sign, Signed);   // right-associative, and a sign may stand before the exponent
        if (!basis.Angle.IsConstant || !exponent.Angle.IsConstant) throw sign.Error("expected numbers without parameters around a power");
        double power = Math.Pow(basis.Angle.Offset, exponent.Angle.Offset);
        return double.IsFinite(power) ? new Value(power, basis.Whole && exponent.Whole && exponent.Angle.Offset >= 0) : throw sign.Error($"expected a power that is a number, got {power}");
    }

    private Value Atom()
    {
        Token token = lexer.Take();
        if (token.Is("("))
        {
            Value inner = Deeper(token, Sum);
            lexer.Expect(")", "at the end of an expression in parentheses");
            return inner;
        }
        if (token.Kind == TokenKind.Number) return Literal(token);
        if (token.Kind != TokenKind.Name) throw token.Error($"expected a number, a name or '(', got {token}");
        if (lexer.Next.Is("(") && Function(token.Text) is { } function) return Called(token, function);
        return resolve(token.Text) ?? (Constant(token.Text) is { } constant ? Value.Real(constant)
            : throw token.Error($"expected the name of a parameter or a constant, got {token}"));
    }

    private Value Literal(Token token)
    {
        string digits = token.Text.Replace("_", "", StringComparison.Ordinal);
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
            throw token.Error($"expected a number, got {token}");
        return new Value(number, digits.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0);
    }

    private Value Called(Token name, Func<double, double> function)
    {
        Token open = lexer.Take();
        Angle argument = Deeper(open, Sum).Angle;
        lexer.Expect(")", $"behind the argument of {name.Text}");
        if (!argument.IsConstant) throw name.Error($"expected a number without parameters as the argument of {name.Text}, got {argument}");
        double result = function(argument.Offset);
        return double.IsFinite(result) ? Value.Real(result) : throw name.Error($"expected an argument for which {name.Text} is a number, got {argument}");
    }

    private Value Deeper(Token at, Func<Value> read)
    {
        if (++_depth > Deepest) throw at.Error($"expected an expression of at most {Deepest} levels");
        Value value = read();
        _depth--;
        return value;
    }

    private static double? Constant(string name) => name switch
    {
        "pi" or "π" => Math.PI,
        "tau" or "τ" => Math.Tau,
        "euler" or "ℇ" => Math.E,
        _ => null,
    };

    private static Func<double, double>? Function(string name) => name switch
    {
        "sin" => Math.Sin,
        "cos" => Math.Cos,
        "tan" => Math.Tan,
        "arcsin" or "asin" => Math.Asin,
        "arccos" or "acos" => Math.Acos,
        "arctan" or "atan" => Math.Atan,
        "exp" => Math.Exp,
        "ln" or "log" => Math.Log,
        "sqrt" => Math.Sqrt,
        _ => null,
    };
}
