using System.Globalization;

namespace Hone.Client.Results;

/// <summary>What one member is and costs: its genes, then for each device the configuration used, bars by block and a table of operations.</summary>
internal static class CostPanel
{
    // The bounds that have a colour of their own in report.css.
    private static readonly string[] Bounds = ["compute", "input", "weights", "output", "memory", "host"];

    /// <summary>A details element, which opens without scripts too.</summary>
    /// <param name="front">Names what the summary shows.</param>
    public static string Of(FrontFile front, Point member, CostsFile? costs)
    {
        var own = (costs?.Devices ?? []).SelectMany(d => d.Members.Where(m => m.Ordinal == member.Ordinal).Take(1).Select(m => (Device: d, Cost: m))).ToList();
        string figures = string.Concat(front.Objectives.Select(o => member.Of(o.Metric)).Where(m => m is not null)
            .Select(m => $"<span>{Html.Text(FrontPlot.Label(new(m!.Metric, Model.Direction.Minimize, m.Unit)).Split(" (")[0])} {Html.Text(Digits.With(m.Value, m.Unit))}</span>"));
        return $"<details class=member id=\"c{member.Ordinal}\"><summary><b>trial {member.Ordinal}</b>{figures}</summary><div class=panel>"
            + $"<p class=genes>{string.Join(" ", member.Genes.Select(g => $"<span><i>{Html.Text(g.Name)}</i> {Html.Text(g.Value)}</span>"))}</p>"
            + string.Concat(own.Select(o => OnDevice(o.Device, o.Cost))) + "</div></details>";
    }

    private static string OnDevice(DeviceCosts device, MemberCost cost)
    {
        IReadOnlyList<OperationCost> operations = cost.Operations ?? [];
        string title = $"{device.Device}: {Digits.With(cost.Total, device.Unit)}" + (cost.Configuration is { } used ? $" on {used}" : "");
        return $"<h4>{Html.Text(title)}</h4>" + Why(cost.Why ?? []) + Bars(operations, cost.Total, device.Unit) + Operations(operations, cost.Total, device.Unit);
    }

    private static string Why(IReadOnlyList<string> why) => why.Count == 0 ? "<p class=note>No faster configuration was turned down.</p>"
        : "<p class=note>Why no faster configuration:</p><ul class=why>" + string.Concat(why.Select(w => $"<li>{Html.Text(w)}</li>")) + "</ul>";

    private static string Bars(IReadOnlyList<OperationCost> operations, double total, string unit)
    {
        var blocks = operations.GroupBy(o => o.Block ?? "").Select(g => (Name: g.Key, Value: g.Sum(o => o.Value), Operations: g)).ToList();
        double most = blocks.Select(b => b.Value).DefaultIfEmpty().Max();
        if (most <= 0) return "";
        string legend = string.Concat(Bounds.Where(b => operations.Any(o => o.BoundBy == b)).Select(b => $"<span><i class=k-{b}></i>{b}</span>"));
        return (legend.Length > 0 ? $"<p class=legend>bound by {legend}</p>" : "") + "<div class=bars>"
            + string.Concat(blocks.Select(b => $"<span class=block>{Html.Text(b.Name.Length > 0 ? b.Name : "-")}</span><span class=track>"
                + string.Concat(b.Operations.Where(o => o.Value > 0).Select(o =>
                    $"<i class=k-{Kind(o.BoundBy)} style=\"width:{Html.Number(100 * o.Value / most)}%\" title=\"{Html.Text($"{o.Op}: {Fixed(o.Value, total)} {unit}, {o.BoundBy}")}\"></i>"))
                + $"</span><span class=n>{Fixed(b.Value, total)} {Html.Text(unit)}</span><span class=n>{Html.Percent(b.Value, total)}</span>")) + "</div>";
    }

    private static string Operations(IReadOnlyList<OperationCost> operations, double total, string unit) => operations.Count == 0 ? "" : Html.Table(
        [("operation", false), ($"cost ({unit})", true), ("share", true), ("bound by", false)],
        operations.OrderByDescending(o => o.Value).Select(o =>   // stable: equal ones in the network's order
            $"<tr><td>{Html.Text(o.Op)}</td><td class=n>{Fixed(o.Value, total)}</td><td class=n>{Html.Percent(o.Value, total)}</td><td>{Html.Text(o.BoundBy ?? "-")}</td></tr>"), "tall");

    /// <summary>A part in as many decimals as show a ten-thousandth of the total, so that a column of parts lines up.</summary>
    public static string Fixed(double part, double total) =>
        part.ToString("F" + Math.Clamp(total > 0 ? 4 - (int)Math.Floor(Math.Log10(total)) : 4, 0, 9), CultureInfo.InvariantCulture);

    private static string Kind(string? bound) => Bounds.Contains(bound) ? bound! : "other";
}
