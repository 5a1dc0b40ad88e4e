using System.Globalization;
using Hone.Model;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Qasm;

/// <summary>Angles as OpenQASM writes them, so that reading gives back the very same numbers.</summary>
public static class AngleText
{
    private static readonly int[] Parts = [1, 2, 3, 4, 5, 6, 8, 12, 16, 32];

    /// <summary>"3*pi/4" where that is the number to its last bit, else its shortest decimal form.</summary>
    public static string Of(double angle)
    {
        if (angle == 0) return "0";
        foreach (int parts in Parts)
        {
            double turns = Math.Round(angle * parts / Math.PI);
            if (turns == 0 || Math.Abs(turns) > 1000 || turns * Math.PI / parts != angle) continue;
            string whole = turns switch { 1 => "pi", -1 => "-pi", _ => string.Create(CultureInfo.InvariantCulture, $"{turns}*pi") };
            return parts == 1 ? whole : string.Create(CultureInfo.InvariantCulture, $"{whole}/{parts}");
        }
        return angle.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>"2*theta - pi/2".</summary>
    /// <param name="names">Of the parameters.</param>
    public static string Of(Angle angle, ValueList<string> names)
    {
        if (angle.IsConstant) return Of(angle.Offset);
        var text = new System.Text.StringBuilder();
        foreach (AngleTerm term in angle.Terms)
        {
            double size = Math.Abs(term.Factor);
            text.Append(text.Length > 0 ? term.Factor < 0 ? " - " : " + " : term.Factor < 0 ? "-" : "");
            text.Append(size == 1 ? "" : size.ToString("R", CultureInfo.InvariantCulture) + "*").Append(names[term.Parameter]);
        }
        if (angle.Offset != 0) text.Append(angle.Offset < 0 ? " - " : " + ").Append(Of(Math.Abs(angle.Offset)));
        return text.ToString();
    }
}
