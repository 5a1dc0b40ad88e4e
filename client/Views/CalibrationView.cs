using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Devices.Fpga;
using Hone.Search;
using Spectre.Console;

namespace Hone.Client.Views;

/// <summary>A calibration table for people and for machines. Published, modelled and plausible stand in columns of their own.</summary>
internal static class CalibrationView
{
    public static Table Table(CalibrationTable table)
    {
        var view = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (string column in new[] { "design", "point", "role", "published", "modelled", "error", "MAC per cycle of peak", "source", "provenance" }) view.AddColumn(column);
        foreach (int number in new[] { 3, 4, 5 }) view.Columns[number].Alignment = Justify.Right;
        foreach (CalibrationRow row in table.Rows)
        {
            PublishedPoint p = row.Point;
            Reading? plain = row.Readings.Count > 0 ? row.Readings[0] : null;
            Add(p.Design, p.Point, Role(p.Role), $"{Plain(p.Figure)} {p.Unit}", plain, p, Gate(row), p.Source, $"[{p.Provenance}]");
            foreach (Reading other in row.Readings.Skip(1)) Add("", $"the same, {other.Name}", "", "", other, p, "", "", "");   // no point of its own
        }
        return view;

        void Add(string design, string point, string role, string published, Reading? reading, PublishedPoint p, string gate, string source, string provenance) =>
            view.AddRow(new[] { design, point, role, published, reading is { } r ? $"{Fixed(r.Modelled, 2)} {p.Unit}" : "-", reading is { } e ? $"{Signed(e.ErrorPercent)} %" : "-", gate, source, provenance }
                .Select(Markup.Escape).ToArray());
    }

    /// <summary>What stands below the table: the errors with their n, and what they do not show.</summary>
    public static IEnumerable<string> Lines(CalibrationTable table)
    {
        foreach (var (design, note) in table.Rows.Where(r => r.Point.Note.Length > 0).Select(r => (r.Point.Design, r.Point.Note)).Distinct()) yield return $"{design}: {note}.";
        foreach (var (design, engine) in table.Rows.Where(r => r.Engine is not null).Select(r => (r.Point.Design, r.Engine)).Distinct())
            yield return $"{design} is priced on {engine}: of the engines of its operand bits that fit, the one nearest to its fitted point.";
        yield return $"fitted: {table.Fitted.Text} (used up by the choice of the engine: it proves nothing)";
        yield return $"predicted (held out): {table.Predicted.Text}";
        yield return Tau(table) is { } tau ? $"Kendall's tau of the predicted points: {tau.ToString("0.00", CultureInfo.InvariantCulture)} (n = {table.Predicted.N})" : NoTau(table);
        foreach (CalibrationRow row in table.Rows.Where(r => r.BlockTimes.Count > 0))
            yield return $"{row.Point.Design}, {row.Point.Point}, with the unknown time of a block at both ends, engine unchanged: "
                + string.Join("; ", row.BlockTimes.Select(r => $"{r.Name} gives {Fixed(r.Modelled, 2)} {row.Point.Unit} ({Signed(r.ErrorPercent)} %)"));
        if (table.Spread is { } spread)
            yield return $"{spread.Engines} engines meet the fitted point within {Plain(spread.WithinPercent)} %; on them the predicted points are missed by {Signed(spread.LeastPercent)} to {Signed(spread.MostPercent)} %.";
        if (table.ResolutionPercent is { } resolution) yield return $"A difference of latencies below {Fixed(resolution, 1)} %, the worst of these, is a tie: not resolvable by the model, on this board or any other.";
        if (PublishedPoints.Withheld > 0) yield return $"{PublishedPoints.Withheld} remembered, unverified figures are not shown.";
        yield return $"{table.Board}, modelled: {table.Calibration} (a study has it on; it changes none of these points)";
    }

    public static JsonObject Json(CalibrationTable table) => new()
    {
        ["device"] = table.Board, ["calibration"] = table.Calibration, ["origin"] = "Modelled",
        ["points"] = new JsonArray([.. table.Rows.Select(Row)]),
        ["fitted"] = Summary(table.Fitted), ["predicted"] = Summary(table.Predicted),
        ["kendall_tau"] = Tau(table), ["no_kendall_tau"] = Tau(table) is null ? NoTau(table) : null,
        ["worst_held_out_percent"] = table.Predicted.WorstPercent, ["resolution_percent"] = table.ResolutionPercent,
        ["engine_spread"] = table.Spread is { } spread
            ? new JsonObject { ["within_percent"] = spread.WithinPercent, ["engines"] = spread.Engines, ["least_percent"] = spread.LeastPercent, ["most_percent"] = spread.MostPercent } : null,
        ["withheld"] = PublishedPoints.Withheld,
    };

    // Over milliseconds per image: frame rates order points the other way round.
    private static double? Tau(CalibrationTable table)
    {
        CalibrationRow[] rows = [.. table.Rows.Where(r => r.Point.Role == PointRole.Predicted && r.Readings.Count > 0)];
        return rows.Length < ErrorSummary.Least ? null
            : KendallTau.Of([.. rows.Select(r => r.Point.Milliseconds!.Value)], [.. rows.Select(r => (r.Point with { Figure = r.Readings[0].Modelled }).Milliseconds!.Value)]);
    }

    private static string NoTau(CalibrationTable table) => $"no Kendall tau: it needs {ErrorSummary.Least} predicted points, n = {table.Predicted.N}";

    private static JsonNode Row(CalibrationRow row) => new JsonObject
    {
        ["design"] = row.Point.Design, ["point"] = row.Point.Point, ["role"] = Role(row.Point.Role), ["published"] = row.Point.Figure, ["unit"] = row.Point.Unit,
        ["source"] = row.Point.Source, ["provenance"] = row.Point.Provenance, ["note"] = row.Point.Note, ["engine"] = row.Engine, ["clock_mhz"] = row.Point.ClockMHz,
        ["modelled"] = row.Readings.FirstOrDefault()?.Modelled, ["error_percent"] = row.Readings.FirstOrDefault()?.ErrorPercent, ["readings"] = Readings(row.Readings), ["block_times"] = Readings(row.BlockTimes),
        ["mac_per_cycle"] = row.MacPerCycle, ["peak_mac_per_cycle"] = row.Peak, ["peak_of"] = row.PeakOf, ["most_gmac"] = row.MostGmac, ["plausible"] = row.Plausible,
    };

    private static JsonArray Readings(IEnumerable<Reading> readings) =>
        new([.. readings.Select(r => (JsonNode)new JsonObject { ["name"] = r.Name, ["modelled"] = r.Modelled, ["error_percent"] = r.ErrorPercent })]);

    private static JsonObject Summary(ErrorSummary errors) => new()
    {
        ["n"] = errors.N, ["readings"] = errors.Readings, ["mean_percent"] = errors.MeanPercent, ["bias_percent"] = errors.BiasPercent, ["worst_percent"] = errors.WorstPercent, ["text"] = errors.Text,
    };

    private static string Gate(CalibrationRow row) => row.Plausible switch
    {
        true => $"{Whole(row.MacPerCycle!.Value)} of {Whole(row.Peak)} ({row.PeakOf})",
        false => $"{Whole(row.MacPerCycle!.Value)} of {Whole(row.Peak)} ({row.PeakOf}): above it",
        null => $"plausible up to {Fixed(row.MostGmac!.Value, 2)} GMAC ({row.PeakOf})",
    };

    private static string Role(PointRole role) => role switch { PointRole.Fitted => "fitted", PointRole.Predicted => "predicted", _ => "plausibility only" };

    private static string Plain(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Fixed(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    private static string Whole(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
