using System.Globalization;

namespace Hone.Model;

/// <summary>Ages as people write them: 24h, 1.5h, 7d.</summary>
public static class Hours
{
    /// <param name="option">Named in the error.</param>
    /// <param name="text">What was given.</param>
    /// <exception cref="SpecException">Not a number of hours or days above zero.</exception>
    public static TimeSpan Parse(string option, string text)
    {
        double unit = text.EndsWith('h') ? 1 : text.EndsWith('d') ? 24 : 0;
        return unit > 0 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number is > 0 and < 100_000
            ? TimeSpan.FromHours(unit * number)
            : throw new SpecException($"{option}: expected hours or days such as 24h or 7d, got '{text}'");
    }
}
