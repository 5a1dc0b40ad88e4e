using System.Globalization;

namespace Hone.Search;

/// <summary>What may be said of a difference whose larger values are better.</summary>
public static class Verdict
{
    public const string Better = "better", NotResolved = "not resolved";

    /// <summary>"better" when the interval lies above 0; else "no worse than m" when its lower bound lies above -m; else "not resolved".</summary>
    /// <param name="low">The interval's lower bound.</param>
    /// <param name="margin">m, stated before the run; null: the weaker statement is not tried.</param>
    public static string Of(double low, double? margin = null)
    {
        if (margin is <= 0) throw new ArgumentOutOfRangeException(nameof(margin), margin, "expected a positive margin");
        if (low > 0) return Better;
        return margin is { } m && low > -m ? "no worse than " + m.ToString(CultureInfo.InvariantCulture) : NotResolved;
    }
}
