using Hone.Model;

namespace Hone.Client.Results;

/// <summary>The members as a table, a row each, with a panel each below it that a click opens.</summary>
internal static class MemberTable
{
    /// <param name="files">Member folder by candidate key, for the links.</param>
    public static string Of(FrontFile front, IReadOnlyList<Point> members, IReadOnlyDictionary<string, string> files, CostsFile? costs)
    {
        if (members.Count == 0) return "<p class=note>There is none.</p>";
        Point[] along = [.. front.Along(members)];
        string[] objectives = [.. front.Objectives.Select(o => o.Metric)];
        string[] metrics = [.. objectives, .. members.SelectMany(m => m.Measurements).Select(m => m.Metric).Distinct().Except(objectives)];
        var ordinals = members.Select(m => m.Ordinal).ToHashSet();
        var ties = (costs?.Devices ?? []).Select(d => (Device: d, Tied: Ties.Of(d, ordinals))).Where(t => t.Tied.Count > 0).ToList();
        bool linked = members.Any(m => files.ContainsKey(m.Key));

        string Row(Point member) => $"<tr id=\"m{member.Ordinal}\" class=open><td class=n><button type=button aria-expanded=false aria-controls=\"c{member.Ordinal}\">{member.Ordinal}</button></td>"
            + string.Concat(metrics.Select(m => $"<td class=n>{Cell(member.Of(m), member.Of(m) is { } value ? Mark(value, member.Ordinal) : "")}</td>"))
            + (linked ? $"<td>{(files.TryGetValue(member.Key, out string? folder) ? $"<a href=\"{Html.Text(folder)}\">{Html.Text(folder)}</a>" : "")}</td>" : "") + "</tr>";

        // The mark stands at what the device's model says in the unit of its costs: its latency.
        string Mark(Measurement value, int ordinal) => string.Concat(ties.Where(t => IsCost(value, t.Device) && t.Tied.ContainsKey(ordinal)).Take(1).Select(t =>
            $"<abbr title=\"{Html.Text($"tied with trial {string.Join(" and ", t.Tied[ordinal])}: the difference is below {Digits.Short(t.Device.Resolution!.Percent)} %")}\">\u2248</abbr> "));

        string legend = string.Concat(ties.Select(t => $"<p class=note>\u2248 on {Html.Text(t.Device.Device)}: tied with a neighbour in latency. {Html.Text(HostTimeSection.Sentence(t.Device.Resolution))}</p>"));
        return Html.Table([("trial", true), .. metrics.Select(m => (m, true)), .. linked ? [("files", false)] : Array.Empty<(string, bool)>()], along.Select(Row)) + legend
            + $"<div class=panels>{string.Join("\n", along.Select(m => CostPanel.Of(front, m, costs)))}</div>";
    }

    private static bool IsCost(Measurement m, DeviceCosts device) => m.Metric == "latency_" + device.Unit && m.Unit == device.Unit && (m.Device is null || m.Device == device.Device);

    private static string Cell(Measurement? m, string mark) => m is null ? "" :
        $"<span title=\"{Html.Text(Known.Full(m))}\">{mark}{Html.Text(Digits.With(m.Value, m.Unit))}"
        + $"{(m.Spread is { } spread ? $"<small> &#177;&#8202;{Html.Text(Digits.Short(spread))}</small>" : "")}</span>"
        + (m.Taken is null ? "" : $"<br><small>{Html.Text(Known.When(m))}</small>");
}
