using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Devices.Fpga;
using Spectre.Console;

namespace Hone.Client.Views;

/// <summary>A calibration table for people and for machines. Published, modelled and plausible stand in columns of their own.</summary>
internal static class CalibrationView
{
    private const double Near = 2;   // percent of the fitted point within which an engine could have been chosen as well

    public static Table Table(CalibrationTable table)
    {
        var view = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (string column in new[] { "design", "point", "role", "published", "modelled", "error", "MAC per cycle of peak", "source", "provenance" }) view.AddColumn(column);
        foreach (int number in new[] { 3, 4, 5 }) view.Columns[number].Alignment = Justify.Right;
        foreach (CalibrationRow row in table.Rows)
        {
            PublishedPoint p = row.Point;
            view.AddRow(new[] { p.Design, p.Point, Role(p.Role), $"{Plain(p.Figure)} {p.Unit}", row.Modelled is { } m ? $"{Fixed(m, 2)} {p.Unit}" : "-",
                row.ErrorPercent is { } e ? $"{Signed(e)} %" : "-", Gate(row), p.Source, $"[{p.Provenance}]" }.Select(Markup.Escape).ToArray());
        }
        return view;
    }

    /// <summary>What stands below the table: the errors with their n, and what they do not show.</summary>
    public static IEnumerable<string> Lines(CalibrationTable table)
    {
        foreach (var (design, note) in table.Rows.Where(r => r.Point.Note.Length > 0).Select(r => (r.Point.Design, r.Point.Note)).Distinct()) yield return $"{design}: {note}.";
        yield return $"fitted: {table.Fitted.Text} (used up by the choice of the engine: it proves nothing)";
        yield return $"predicted (held out): {table.Predicted.Text}";
        if (table.Predicted.WorstPercent is { } worst) yield return $"A difference of latencies below {Fixed(worst, 1)} % is a tie: not resolvable by the model.";
        if (table.EngineSpread(Near) is { } spread)
            yield return $"{spread.Engines} engines meet the fitted point within {Near} %; on them the predicted point is missed by {Signed(spread.Least)} to {Signed(spread.Most)} %.";
        if (PublishedPoints.Withheld > 0) yield return $"{PublishedPoints.Withheld} remembered, unverified figures are not shown.";
        yield return $"{table.Board}, modelled: {table.Calibration}";
    }

    public static JsonObject Json(CalibrationTable table) => new()
    {
        ["device"] = table.Board, ["calibration"] = table.Calibration, ["origin"] = "Modelled",
        ["points"] = new JsonArray([.. table.Rows.Select(Row)]),
        ["fitted"] = Summary(table.Fitted), ["predicted"] = Summary(table.Predicted),
        ["worst_held_out_percent"] = table.Predicted.WorstPercent,
        ["engine_spread"] = table.EngineSpread(Near) is { } spread
            ? new JsonObject { ["within_percent"] = Near, ["engines"] = spread.Engines, ["least_percent"] = spread.Least, ["most_percent"] = spread.Most } : null,
        ["withheld"] = PublishedPoints.Withheld,
    };

    private static JsonNode Row(CalibrationRow row) => new JsonObject
    {
        ["design"] = row.Point.Design, ["point"] = row.Point.Point, ["role"] = Role(row.Point.Role), ["published"] = row.Point.Figure, ["unit"] = row.Point.Unit,
        ["source"] = row.Point.Source, ["provenance"] = row.Point.Provenance, ["note"] = row.Point.Note, ["engine"] = row.Point.Engine, ["clock_mhz"] = row.Point.ClockMHz,
        ["modelled"] = row.Modelled, ["error_percent"] = row.ErrorPercent, ["mac_per_cycle"] = row.MacPerCycle, ["peak_mac_per_cycle"] = row.Peak,
        ["most_gmac"] = row.MostGmac, ["plausible"] = row.Plausible,
    };

    private static JsonObject Summary(ErrorSummary errors) => new()
    {
        ["n"] = errors.N, ["mean_percent"] = errors.MeanPercent, ["bias_percent"] = errors.BiasPercent, ["worst_percent"] = errors.WorstPercent, ["text"] = errors.Text,
    };

    private static string Gate(CalibrationRow row) => row.Plausible switch
    {
        true => $"{Whole(row.MacPerCycle!.Value)} of {Whole(row.Peak)}",
        false => $"{Whole(row.MacPerCycle!.Value)} of {Whole(row.Peak)}: above it",
        null => $"plausible up to {Fixed(row.MostGmac!.Value, 2)} GMAC",
    };

    private static string Role(PointRole role) => role switch { PointRole.Fitted => "fitted", PointRole.Predicted => "predicted", _ => "plausibility only" };

    private static string Plain(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Fixed(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    private static string Whole(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
