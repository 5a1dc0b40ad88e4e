using System.Globalization;
using System.Net;

namespace Hone.Client.Results;

/// <summary>Pieces of HTML. Whatever a study names passes <see cref="Text"/>.</summary>
internal static class Html
{
    /// <summary>Any text, encoded for an element or a quoted attribute.</summary>
    public static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    /// <summary>A table that scrolls sideways within itself.</summary>
    /// <param name="head">Of each column: its title, any text, and whether it holds numbers.</param>
    /// <param name="rows">Rows as HTML.</param>
    public static string Table(IEnumerable<(string Title, bool Number)> head, IEnumerable<string> rows, string kind = "") =>
        $"<div class=\"scroll {kind}\" tabindex=0><table><thead><tr>{string.Concat(head.Select(h => $"<th{(h.Number ? " class=n" : "")}>{Text(h.Title)}</th>"))}</tr></thead><tbody>"
        + string.Join("\n", rows) + "</tbody></table></div>";

    /// <summary>A share of a whole, "12.4 %".</summary>
    public static string Percent(double part, double whole) => whole > 0 ? (100 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "-";

    /// <summary>A number for an attribute or a path.</summary>
    public static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
}
