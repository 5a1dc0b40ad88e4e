using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Model;

namespace Hone.Client.Results;

/// <summary>
/// report.html: one file without any network. The tables are plain HTML and stand without scripts; plotly.js (MIT, its notice inside) draws the
/// front from the JSON in the page. Everything that a study names is encoded: as HTML, or in the JSON as \u003C where it could end the script.
/// </summary>
internal static class ReportHtml
{
    /// <param name="front">The front.</param>
    /// <param name="trials">All trials.</param>
    /// <param name="files">Member folder by candidate key, for the links.</param>
    public static string Text(FrontFile front, IReadOnlyList<Point> trials, IReadOnlyDictionary<string, string> files)
    {
        Dictionary<string, string> parts = new()
        {
            ["TITLE"] = Html($"{front.Study}: {front.Method}"),
            ["STUDY"] = Html(front.Study),
            ["METHOD"] = Html(front.Method),
            ["FACTS"] = Facts(front, trials),
            ["MEMBERS"] = Members(front, front.Members, files),
            ["DEMOTED"] = front.Demoted.Count == 0 ? "" : $"<h2>Demoted by final values</h2><p class=note>Chosen by the search's values; re-measured, others beat them.</p>{Members(front, front.Demoted, files)}",
            ["REJECTED"] = Rejected(trials),
            ["ORIGINS"] = Origins(front),
            ["DATA"] = Data(front, trials).ToJsonString(new JsonSerializerOptions()),   // the default encoder escapes <, > and &
            ["CSS"] = Resource("report.css"),
            ["JS"] = Resource("report.js"),
            ["PLOTLY"] = Resource("plotly.js"),
        };
        // One pass over the template: what is filled in is never looked at again.
        string[] pieces = Resource("report.html").Split("@@");
        return string.Concat(pieces.Select((piece, i) => i % 2 == 0 ? piece : parts[piece])).ReplaceLineEndings("\n");
    }

    private static string Facts(FrontFile front, IReadOnlyList<Point> trials)
    {
        (string Name, string Value)[] facts =
        [
            ("front members", $"{front.Members.Count}"), ("trials", $"{trials.Count}"), ("evaluated", $"{trials.Count(t => t.Measurements.Count > 0)}"),
            ("rejected", $"{trials.Count(t => t.Rejected is not null)}"), ("duplicates", $"{trials.Count(t => t.DuplicateOf is not null)}"),
            ("failed", $"{trials.Count(t => t.Failure is not null)}"), ("seed", front.Seed), ("reproducible", front.Reproducible ? "yes" : "no"),
        ];
        return string.Concat(facts.Select(f => $"<div><dt>{Html(f.Name)}</dt><dd>{Html(f.Value)}</dd></div>"));
    }

    private static string Members(FrontFile front, IReadOnlyList<Point> members, IReadOnlyDictionary<string, string> files)
    {
        string[] objectives = [.. front.Objectives.Select(o => o.Metric)];
        string[] others = [.. members.SelectMany(m => m.Measurements).Select(m => m.Metric).Distinct().Except(objectives)];
        string head = string.Concat(objectives.Concat(others).Select(m => $"<th class=n>{Html(m)}</th>"));
        IEnumerable<string> rows = front.Along(members).Select(member => $"<tr id=\"m{member.Ordinal}\"><td class=n>{member.Ordinal}</td>"
            + string.Concat(objectives.Concat(others).Select(m => $"<td class=n>{Cell(member.Of(m))}</td>"))
            + $"<td class=genes>{string.Join(" ", member.Genes.Select(g => $"<span><i>{Html(g.Name)}</i>{Html(g.Value)}</span>"))}</td>"
            + $"<td>{(files.TryGetValue(member.Key, out string? folder) ? $"<a href=\"{Html(folder)}\">{Html(folder)}</a>" : "")}</td></tr>");
        return $"<div class=scroll><table><thead><tr><th class=n>trial</th>{head}<th>genes</th><th>files</th></tr></thead><tbody>{string.Join("\n", rows)}</tbody></table></div>";
    }

    private static string Cell(Measurement? m) => m is null ? "" :
        $"<span title=\"{Html(m.Origin.ToString())}{(m.Device is null ? "" : Html(", " + m.Device))}\">{Html(Digits.With(m.Value, m.Unit))}"
        + $"{(m.Spread is { } spread ? $"<small> &#177;&#8202;{Html(Digits.Short(spread))}</small>" : "")}</span>";

    private static string Rejected(IReadOnlyList<Point> trials)
    {
        var groups = trials.Where(t => t.Rejected is not null).GroupBy(t => t.Rejected!.Constraint).OrderByDescending(g => g.Count()).ToList();
        if (groups.Count == 0) return "<p class=note>No candidate was rejected.</p>";
        return "<div class=scroll><table><thead><tr><th>constraint</th><th class=n>candidates</th><th>for example</th></tr></thead><tbody>"
            + string.Concat(groups.Select(g => $"<tr><td>{Html(g.Key)}</td><td class=n>{g.Count()}</td><td>{Html(g.First().Rejected!.Reason)}</td></tr>")) + "</tbody></table></div>";
    }

    /// <summary>How each figure of the members was obtained.</summary>
    private static string Origins(FrontFile front)
    {
        var groups = front.Members.SelectMany(m => m.Measurements).GroupBy(m => (m.Metric, m.Unit, m.Origin, m.Device, m.Calibration));
        return "<div class=scroll><table><thead><tr><th>metric</th><th>unit</th><th>origin</th><th>device</th><th>calibration</th><th class=n>spread</th></tr></thead><tbody>"
            + string.Concat(groups.Select(g => $"<tr><td>{Html(g.Key.Metric)}</td><td>{Html(g.Key.Unit)}</td><td>{g.Key.Origin}</td><td>{Html(g.Key.Device ?? "-")}</td>"
                + $"<td>{Html(g.Key.Calibration ?? "-")}</td><td class=n>{(g.Max(m => m.Spread) is { } most ? $"up to {Html(Digits.With(most, g.Key.Unit))}" : "exact")}</td></tr>")) + "</tbody></table></div>";
    }

    private static JsonObject Data(FrontFile front, IReadOnlyList<Point> trials)
    {
        FrontPlot plot = FrontPlot.Of(front, trials);
        string x = plot.Across.Metric, y = plot.Upward.Metric;
        JsonObject Series(IEnumerable<Point> points)
        {
            Point[] shown = [.. points.Where(p => p.Value(y) is not null && (x == "ordinal" || p.Value(x) is not null)).OrderBy(p => p.Value(x) ?? p.Ordinal)];
            return new JsonObject
            {
                ["x"] = new JsonArray([.. shown.Select(p => (JsonNode)(p.Value(x) ?? p.Ordinal))]), ["y"] = new JsonArray([.. shown.Select(p => (JsonNode)p.Value(y)!.Value)]),
                ["text"] = new JsonArray([.. shown.Select(p => (JsonNode)Hover(p))]),
            };
        }
        var corners = plot.Stepped ? plot.Steps().ToList() : [];
        return new JsonObject
        {
            ["xTitle"] = Html(FrontPlot.Label(plot.Across)), ["yTitle"] = Html(FrontPlot.Label(plot.Upward)), ["trials"] = Series(trials), ["front"] = Series(front.Members),
            ["steps"] = new JsonObject { ["x"] = new JsonArray([.. corners.Select(c => (JsonNode)c.X)]), ["y"] = new JsonArray([.. corners.Select(c => (JsonNode)c.Y)]) },
        };
    }

    /// <summary>What hovering shows; plotly reads a small HTML of its own, so names are encoded here too.</summary>
    private static string Hover(Point point) =>
        $"<b>trial {point.Ordinal}</b><br>"
        + string.Join("<br>", point.Measurements.Take(8).Select(m => $"{Html(m.Metric)} {Html(Digits.With(m.Value, m.Unit))}{(m.Spread is { } s ? $" \u00b1 {Digits.Short(s)}" : "")} ({m.Origin.ToString().ToLowerInvariant()})"))
        + "<br>" + string.Join("<br>", point.Genes.Take(24).Select(g => $"{Html(g.Name)} = {Html(g.Value)}").Chunk(3).Select(row => string.Join(", ", row)));

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static string Resource(string name)
    {
        using Stream stream = typeof(ReportHtml).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"the build lacks {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
