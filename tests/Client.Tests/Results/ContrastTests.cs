using System.Globalization;
using System.Text.RegularExpressions;
using Hone.Client.Results;

namespace Hone.Client.Tests.Results;

/// <summary>WCAG 2.2: text has a contrast of 4.5 at least to what it stands on, marks that carry meaning one of 3.</summary>
public sealed class ContrastTests
{
    private static readonly string Css = Read();

    // The rules of report.css: what text may stand on what.
    [Theory]
    [InlineData("ink", "paper", 4.5)]
    [InlineData("ink", "card", 4.5)]
    [InlineData("ink", "mark", 4.5)]
    [InlineData("faint", "paper", 4.5)]
    [InlineData("faint", "card", 4.5)]
    [InlineData("line", "card", 4.5)]
    [InlineData("line", "mark", 4.5)]
    [InlineData("k-compute", "card", 3)]
    [InlineData("k-input", "card", 3)]
    [InlineData("k-weights", "card", 3)]
    [InlineData("k-output", "card", 3)]
    [InlineData("k-memory", "card", 3)]
    [InlineData("k-host", "card", 3)]
    [InlineData("k-other", "card", 3)]
    public void ColoursStandOutInBothSchemes(string colour, string on, double least)
    {
        foreach (IReadOnlyDictionary<string, string> scheme in new[] { Variables(Css[..Css.IndexOf("@media (prefers-color-scheme", StringComparison.Ordinal)]), Variables(Dark()) })
            Assert.True(Ratio(scheme[colour], scheme[on]) >= least, $"{colour} {scheme[colour]} on {on} {scheme[on]}: {Ratio(scheme[colour], scheme[on]):0.00}, expected {least}");
    }

    [Fact]
    public void EveryColourIsAVariableThatBothSchemesGive()
    {
        string[] light = [.. Variables(Css[..Css.IndexOf("@media (prefers-color-scheme", StringComparison.Ordinal)]).Keys.Order(StringComparer.Ordinal)];
        Assert.Equal(light, Variables(Dark()).Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotMatch(@"#[0-9a-fA-F]{3,8}\b", Css[(Css.IndexOf("* { box-sizing", StringComparison.Ordinal))..].Replace("#plot", ""));
    }

    [Fact]
    public void TheRatioIsThatOfTheStandard()
    {
        Assert.Equal(21, Ratio("#000000", "#ffffff"), 6);
        Assert.Equal(4.54, Ratio("#767676", "#ffffff"), 2);   // the grey that just passes
    }

    private static string Dark() => Css[Css.IndexOf("@media (prefers-color-scheme", StringComparison.Ordinal)..Css.IndexOf("* { box-sizing", StringComparison.Ordinal)];

    private static IReadOnlyDictionary<string, string> Variables(string css) =>
        Regex.Matches(css, "--([a-z-]+): (#[0-9a-f]{6});").ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);

    private static double Ratio(string a, string b)
    {
        double la = Luminance(a), lb = Luminance(b);
        return (Math.Max(la, lb) + 0.05) / (Math.Min(la, lb) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Channel(int at)
        {
            double c = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * Channel(1) + 0.7152 * Channel(3) + 0.0722 * Channel(5);
    }

    private static string Read()
    {
        using var reader = new StreamReader(typeof(ReportHtml).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    }
}
