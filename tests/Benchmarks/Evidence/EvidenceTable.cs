using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary>Rows as Markdown and as JSON.</summary>
internal static class EvidenceTable
{
    /// <summary>Values stand in a column per origin, columns without a value are left out.</summary>
    public static string Markdown(IReadOnlyList<EvidenceRow> rows)
    {
        Origin[] origins = [.. rows.Select(r => r.Origin).Distinct().Order()];
        var text = new StringBuilder();
        string[] head = ["on", "statement", "metric", "n", "seeds", .. origins.Select(o => o.ToString().ToLowerInvariant()), "95 % interval", "Student, seeds", "verdict", "remark"];
        Line(head);
        Line(head.Select(_ => "---"));
        foreach (EvidenceRow row in rows)
            Line(
            [
                row.Group, row.Statement, row.Metric, $"{row.Value.Count}", $"{row.Value.Clusters}",
                .. origins.Select(o => o == row.Origin ? Number(row.Value.Mean) : ""),
                $"{Number(row.Value.Low)} .. {Number(row.Value.High)}",
                row.Value is { SeedLow: { } low, SeedHigh: { } high } ? $"{Number(low)} .. {Number(high)}" : "",
                row.Word, row.Remark,
            ]);
        return text.ToString();

        void Line(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }

    public static JsonArray Json(IReadOnlyList<EvidenceRow> rows) => new([.. rows.Select(r => (JsonNode)new JsonObject
    {
        ["on"] = r.Group, ["statement"] = r.Statement, ["metric"] = r.Metric, ["origin"] = r.Origin.ToString(), ["n"] = r.Value.Count, ["seeds"] = r.Value.Clusters,
        ["mean"] = Round(r.Value.Mean), ["low"] = Round(r.Value.Low), ["high"] = Round(r.Value.High), ["seedLow"] = Round(r.Value.SeedLow), ["seedHigh"] = Round(r.Value.SeedHigh),
        ["margin"] = r.Margin, ["verdict"] = r.Word.Length > 0 ? r.Word : null, ["remark"] = r.Remark.Length > 0 ? r.Remark : null,
    })]);

    /// <summary>Four significant digits at most.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };

    private static double? Round(double? value) => value is { } v ? Math.Round(v, 6) : null;
}
