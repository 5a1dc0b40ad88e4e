using System.Globalization;
using Hone.Model;

namespace Hone.Quantum.Circuits;

/// <summary>A multiple of a circuit's (or a gate definition's) parameter.</summary>
/// <param name="Parameter">Which one.</param>
/// <param name="Factor">Times what; never 0.</param>
public readonly record struct AngleTerm(int Parameter, double Factor);

/// <summary>An angle in radians that is affine in parameters: offset + sum of factor x parameter.</summary>
/// <param name="Terms">In the order of parameters, each at most once.</param>
public readonly record struct Angle(double Offset, ValueList<AngleTerm> Terms)
{
    /// <summary>An angle that needs no parameter.</summary>
    public bool IsConstant => Terms.Count == 0;

    /// <summary>The parameter itself.</summary>
    public static Angle Of(int parameter) => new(0, [new AngleTerm(parameter, 1)]);

    public static implicit operator Angle(double value) => new(value, []);

    public static Angle operator +(Angle left, Angle right)
    {
        if (left.IsConstant) return right with { Offset = left.Offset + right.Offset };
        if (right.IsConstant) return left with { Offset = left.Offset + right.Offset };
        var sums = new SortedDictionary<int, double>();
        foreach (AngleTerm term in left.Terms) sums[term.Parameter] = term.Factor;
        foreach (AngleTerm term in right.Terms) sums[term.Parameter] = sums.GetValueOrDefault(term.Parameter) + term.Factor;
        return new Angle(left.Offset + right.Offset, sums.Where(s => s.Value != 0).Select(s => new AngleTerm(s.Key, s.Value)).ToValueList());
    }

    public static Angle operator *(double factor, Angle angle) => angle.IsConstant ? factor * angle.Offset
        : factor == 0 ? 0 : new Angle(factor * angle.Offset, angle.Terms.AsEnumerable().Select(t => t with { Factor = factor * t.Factor }).ToValueList());

    public static Angle operator -(Angle angle) => -1 * angle;

    public static Angle operator -(Angle left, Angle right) => left + -right;

    /// <summary>The angle's value.</summary>
    /// <param name="parameters">Values of the parameters that it names.</param>
    public double At(ReadOnlySpan<double> parameters)
    {
        double sum = Offset;
        foreach (AngleTerm term in Terms) sum += term.Factor * parameters[term.Parameter];
        return sum;
    }

    /// <summary>The angle with each parameter replaced by an angle.</summary>
    public Angle With(ReadOnlySpan<Angle> parameters)
    {
        Angle sum = Offset;
        foreach (AngleTerm term in Terms) sum += term.Factor * parameters[term.Parameter];
        return sum;
    }

    /// <summary>For messages: "1.5708 + 2 p3".</summary>
    public override string ToString()
    {
        IEnumerable<string> terms = Terms.AsEnumerable().Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Factor:g6} p{t.Parameter}"));
        return string.Join(" + ", Offset == 0 && Terms.Count > 0 ? terms : terms.Prepend(Offset.ToString("g6", CultureInfo.InvariantCulture)));
    }
}
