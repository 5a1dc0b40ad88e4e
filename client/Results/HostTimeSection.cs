namespace Hone.Client.Results;

/// <summary>How the front's order on a device changes with the time that its host is assumed to take, which no published design tells.</summary>
internal static class HostTimeSection
{
    private const int MostPairs = 12;

    /// <returns>Empty where no device has host times.</returns>
    public static string Of(CostsFile? costs)
    {
        string devices = string.Concat((costs?.Devices ?? []).Where(d => d.HostTimes is { Count: > 0 }).Select(OnDevice));
        return devices.Length == 0 ? "" : $"<section id=host-times>\n<h2>Order of the front at other host times</h2>\n{devices}\n</section>";
    }

    private static string OnDevice(DeviceCosts device)
    {
        IReadOnlyList<HostTime> times = device.HostTimes!;
        IReadOnlyList<HostOrder> orders = device.Orders ?? [];
        double most = times.SelectMany(t => t.LatencyMs).Max() ?? 0;
        var rows = device.Members.Select((m, i) => (m.Total, Row: $"<tr><td class=n>{m.Ordinal}</td>{string.Concat(times.Select(t => $"<td class=n>{(t.LatencyMs[i] is { } ms ? CostPanel.Fixed(ms, most) : "-")}</td>"))}</tr>"))
            .OrderBy(r => r.Total).Select(r => r.Row).ToList();
        foreach (int from in orders.Select(o => o.From).Distinct())
        {
            HostOrder? To(int to) => orders.FirstOrDefault(o => o.From == from && o.To == to);
            rows.Add(Sum($"Kendall tau to {Name(times[from])}", times.Select((_, t) => t == from ? "" : To(t) is { } o ? o.Tau is { } tau ? Digits.Short(Math.Round(tau, 3)) : "-" : "")));
            rows.Add(Sum("pairs that swap", times.Select((_, t) => t == from ? "" : To(t) is { } o ? $"{o.Swapped?.Count ?? 0}" : "")));
        }
        return $"<h3>{Html.Text(device.Device)}</h3><p class=note>Latency in ms by trial, at times that the host is assumed to take per element of its layers, or per block. "
            + Html.Text(Sentence(device.Resolution)) + "</p>"
            + Html.Table([("trial", true), .. times.Select(t => (Name(t), true))], rows) + Swaps(orders.Where(o => o.Swapped is { Count: > 0 }), times);
    }

    private static string Sum(string title, IEnumerable<string> cells) => $"<tr class=sum><td class=\"n text\">{Html.Text(title)}</td>{string.Concat(cells.Select(c => $"<td class=n>{Html.Text(c)}</td>"))}</tr>";

    private static string Swaps(IEnumerable<HostOrder> orders, IReadOnlyList<HostTime> times)
    {
        string items = string.Concat(orders.Select(o => $"<li>{Html.Text($"{Name(times[o.From])} to {Name(times[o.To])}: ")}"
            + Html.Text(string.Join(", ", o.Swapped!.Take(MostPairs).Select(p => string.Join(" and ", p))) + (o.Swapped!.Count > MostPairs ? $" and {o.Swapped.Count - MostPairs} more" : "")) + "</li>"));
        return items.Length == 0 ? "<p class=note>No two members swap.</p>" : $"<p class=note>Trials that swap places:</p><ul class=why>{items}</ul>";
    }

    /// <summary>What differences mean.</summary>
    public static string Sentence(Resolution? resolution) => resolution is null ? "No held-out error of this model is known, so every difference counts."
        : $"Differences below {Digits.Short(resolution.Percent)} %, {resolution.Source}, are ties and in no order.";

    private static string Name(HostTime time) =>
        time.BlockMs > 0 ? (time.ElementNs > 0 ? $"{Digits.Short(time.ElementNs)} ns/element, " : "") + $"{Digits.Short(time.BlockMs)} ms/block" : $"{Digits.Short(time.ElementNs)} ns/element";
}
