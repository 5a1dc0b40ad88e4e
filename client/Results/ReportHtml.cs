using System.Text.Json;
using Hone.Model;

namespace Hone.Client.Results;

/// <summary>
/// report.html: one file without any network. Tables, cost panels and training curves are plain HTML and stand without scripts; plotly.js (MIT,
/// its notice inside) draws the front from the JSON in the page. Everything that a study names is encoded: as HTML, or in the JSON as \u003C
/// where it could end the script.
/// </summary>
internal static class ReportHtml
{
    /// <param name="front">The front.</param>
    /// <param name="trials">All trials.</param>
    /// <param name="files">Member folder by candidate key, for the links.</param>
    /// <param name="costs">What members cost on the devices, where that is known.</param>
    /// <param name="curves">Training curves, where they are known.</param>
    public static string Text(
        FrontFile front, TrialColumns trials, IReadOnlyDictionary<string, string> files, CostsFile? costs = null, IReadOnlyList<SharedCurve>? curves = null)
    {
        Dictionary<string, string> parts = new()
        {
            ["TITLE"] = Html.Text($"{front.Study}: {front.Method}"),
            ["STUDY"] = Html.Text(front.Study),
            ["METHOD"] = Html.Text(front.Method),
            ["FACTS"] = Facts(front, trials),
            ["DRAWN"] = Drawn(trials),
            ["MEMBERS"] = MemberTable.Of(front, front.Members, files, costs),
            ["DEMOTED"] = front.Demoted.Count == 0 ? "" : $"<h2>Demoted by final values</h2><p class=note>Chosen by the search's values; re-measured, others beat them.</p>{MemberTable.Of(front, front.Demoted, files, costs)}",
            ["HOSTTIMES"] = HostTimeSection.Of(costs),
            ["TRAINING"] = TrainingSection.Of(curves ?? []),
            ["REJECTED"] = Rejected(trials.Rejections),
            ["ORIGINS"] = Origins(front),
            ["DATA"] = ReportData.Of(front, trials).ToJsonString(new JsonSerializerOptions()),   // the default encoder escapes <, > and &
            ["CSS"] = Resource("report.css"),
            ["JS"] = Resource("report.js"),
            ["PLOTLY"] = Resource("plotly.js"),
        };
        // One pass over the template: what is filled in is never looked at again.
        string[] pieces = Resource("report.html").Split("@@");
        return string.Concat(pieces.Select((piece, i) => i % 2 == 0 ? piece : parts[piece])).ReplaceLineEndings("\n");
    }

    private static string Facts(FrontFile front, TrialColumns trials)
    {
        (string Name, string Value)[] facts =
        [
            ("front members", $"{front.Members.Count}"), ("trials", $"{trials.Count}"), ("evaluated", $"{trials.Evaluated}"),
            .. trials.Lower > 0 ? new[] { ("of them on lower rungs, not drawn", $"{trials.Lower}") } : [], ("rejected", $"{trials.Rejections.Count}"),
            ("duplicates", $"{trials.Duplicates}"), ("failed", $"{trials.Failed}"), ("seed", front.Seed), ("reproducible", front.Reproducible ? "yes" : "no"),
        ];
        return string.Concat(facts.Select(f => $"<div><dt>{Html.Text(f.Name)}</dt><dd>{Html.Text(f.Value)}</dd></div>"));
    }

    private static string Drawn(TrialColumns trials)
    {
        int drawn = Thinning.Of(trials.X, trials.Y).Index.Count;
        return drawn == trials.Ordinals.Count ? ""
            : $"<p class=note>{drawn} of {trials.Ordinals.Count} evaluated trials are drawn, one for each spot of the picture, and the whole front; trials.jsonl holds all.</p>";
    }

    private static string Rejected(RejectionGroups groups) => groups.Count == 0 ? "<p class=note>No candidate was rejected.</p>" : Html.Table(
        [("limit", false), ("in the way", false), ("candidates", true), ("share", true), ("for example", false)],
        groups.Largest.Select(g => $"<tr><td>{Html.Text(g.Constraint)}</td><td class=text>{Html.Text(g.InTheWay)}</td><td class=n>{g.Count}</td>"
            + $"<td class=n>{Html.Percent(g.Count, groups.Count)}</td><td class=\"text long\">{Html.Text($"trial {g.FirstOrdinal}: {g.Example}")}</td></tr>"));

    /// <summary>How each figure of the members was obtained.</summary>
    private static string Origins(FrontFile front)
    {
        var groups = front.Members.SelectMany(m => m.Measurements).GroupBy(m => (m.Metric, m.Unit, m.State, m.Device, m.Calibration));
        return Html.Table([("metric", false), ("unit", false), ("origin", false), ("taken", false), ("device", false), ("calibration", false), ("spread", true)],
            groups.Select(g => $"<tr><td>{Html.Text(g.Key.Metric)}</td><td>{Html.Text(g.Key.Unit)}</td><td>{g.Key.State}</td><td>{Known.Span(g)}</td><td>{Html.Text(g.Key.Device ?? "-")}</td>"
                + $"<td>{Html.Text(g.Key.Calibration ?? "-")}</td><td class=n>{(g.Max(m => m.Spread) is { } most ? $"up to {Html.Text(Digits.With(most, g.Key.Unit))}" : "exact")}</td></tr>"))
            + string.Concat(Known.Otherwise(front).Select(line => $"<p class=note>{Html.Text(line)}</p>"));
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(ReportHtml).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"the build lacks {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
