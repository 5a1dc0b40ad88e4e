using System.Globalization;
using Hone.Model;
using Spectre.Console;

namespace Hone.Client.Views;

/// <summary>What an attached device's table is worth, for people.</summary>
internal static class CalibrationOutcomeView
{
    public static void Show(Terminal terminal, CalibrationOutcome outcome)
    {
        foreach (string line in Lines(outcome)) terminal.Out.WriteLine(line);
        terminal.Screen.Write(Cases("worst operations, held out", outcome.Worst));
        if (outcome.Networks.Count > 0) terminal.Screen.Write(Cases("unseen networks, predicted, then measured", outcome.Networks.OrderByDescending(n => Math.Abs(n.ErrorPercent))));
    }

    internal static IEnumerable<string> Lines(CalibrationOutcome o)
    {
        yield return $"{o.Device}: {o.Operations} operations, table {o.Version} ({o.Calibration})";
        yield return $"held-out operations: mean error {Percent(o.MapePercent)}, Kendall's tau {Fixed(o.KendallTau, 3)}, {Percent(o.WithinPercent)} within their 90 % interval";
        foreach (FamilyOutcome family in o.Families.AsEnumerable()) yield return $"  {family.Family}: {Percent(family.MapePercent)} (n = {family.Operations})";
        if (o.NetworkErrorPercent is { } error) yield return $"unseen networks, end to end: median error {Percent(error)} (n = {o.Networks.Count}); networks take {Fixed(o.Factor, 3)} times the sum of their operations";
        if (o.Repeat is { } r) yield return $"beside the calibration before: median difference {Percent(r.MedianPercent)}, 95 % within {Percent(r.P95Percent)}, shift {r.BiasPercent.ToString("+0.0;-0.0", CultureInfo.InvariantCulture)} % (n = {r.Operations})";
        if (o.Marked > 0) yield return $"{o.Marked} readings are marked noisy or throttled: others used the machine meanwhile";
    }

    private static Table Cases(string title, IEnumerable<PredictedCase> cases)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (string column in new[] { title, "measured (ms)", "predicted (ms)", "error" }) table.AddColumn(column);
        for (int number = 1; number < 4; number++) table.Columns[number].Alignment = Justify.Right;
        foreach (PredictedCase c in cases)
            table.AddRow(new[] { c.Name.Length > 90 ? c.Name[..87] + "..." : c.Name, Digits(c.Measured), Digits(c.Predicted), c.ErrorPercent.ToString("+0.0;-0.0", CultureInfo.InvariantCulture) + " %" }.Select(Markup.Escape).ToArray());
        return table;
    }

    private static string Digits(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Percent(double? value) => value is { } v ? v.ToString("0.0", CultureInfo.InvariantCulture) + " %" : "unknown (too few)";

    private static string Fixed(double? value, int digits) => value is { } v ? v.ToString("F" + digits, CultureInfo.InvariantCulture) : "unknown (too few)";
}
