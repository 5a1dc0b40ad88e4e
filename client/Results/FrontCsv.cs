using System.Globalization;
using System.Text;
using Hone.Model;

namespace Hone.Client.Results;

/// <summary>
/// front.csv: a line per member with ordinal, objectives, the other metrics, then of each objective that rests on figures of nodes whether it is measured or predicted, its spread and when they were
/// taken, then genes. RFC 4180 quoting, '\n' line ends.
/// </summary>
internal static class FrontCsv
{
    public static string Text(FrontFile front)
    {
        string[] objectives = [.. front.Objectives.Select(o => o.Metric)];
        string[] others = [.. front.Members.SelectMany(m => m.Measurements).Select(m => m.Metric).Distinct().Except(objectives)];
        string[] genes = [.. front.Members.SelectMany(m => m.Genes).Select(g => g.Name).Distinct()];
        string[] dated = [.. objectives.Where(o => front.Members.Any(m => m.Of(o)?.Taken is not null))];
        var text = new StringBuilder();
        Line(text, ["ordinal", .. objectives.Concat(others).Select(m => Header(front, m)), .. dated.SelectMany(m => new[] { $"{m} state", $"{m} spread", $"{m} taken" }), .. genes]);
        foreach (Point member in front.Members)
            Line(text, [
                $"{member.Ordinal}",
                .. objectives.Concat(others).Select(m => member.Value(m)?.ToString("R", CultureInfo.InvariantCulture) ?? ""),
                .. dated.SelectMany(o => member.Of(o) is { } m ? new[] { m.State, m.Spread?.ToString("R", CultureInfo.InvariantCulture) ?? "", m.Taken is { } taken ? taken.UtcDateTime.ToString("s", CultureInfo.InvariantCulture) + "Z" : "" } : ["", "", ""]),
                .. genes.Select(g => member.Genes.FirstOrDefault(own => own.Name == g).Value ?? ""),
            ]);
        return text.ToString();
    }

    private static string Header(FrontFile front, string metric)
    {
        Measurement? first = front.Members.Select(m => m.Of(metric)).FirstOrDefault(m => m is not null);
        string unit = first?.Unit ?? front.Objectives.FirstOrDefault(o => o.Metric == metric)?.Unit ?? "1";
        return unit == "1" ? metric : $"{metric} ({unit})";
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Cell)).Append('\n');

    // A leading = + - @ would be a formula to a spreadsheet; numbers may keep their sign.
    private static string Cell(string cell)
    {
        if (cell.Length > 0 && "=+-@\t\r".Contains(cell[0]) && !double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) cell = "'" + cell;
        return cell.AsSpan().ContainsAny(",\"\n\r") ? $"\"{cell.Replace("\"", "\"\"")}\"" : cell;
    }
}
