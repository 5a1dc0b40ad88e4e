using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Contracts;
using Spectre.Console;

namespace Hone.Client.Views;

/// <summary>Attached devices as they are listed: nodes, what waits for them, what their tables are worth and how old they are.</summary>
internal static class AttachedLine
{
    public static JsonObject Json(DeviceLine device) => JsonSerializer.SerializeToNode(device, ApiJson.Options)!.AsObject();

    /// <param name="now">For ages.</param>
    public static Table Table(IEnumerable<DeviceLine> devices, DateTimeOffset now)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (string column in new[] { "attached device", "nodes", "processor", "waiting", "operations", "networks", "held-out error", "last figure" }) table.AddColumn(column);
        foreach (int number in new[] { 3, 4, 5, 6 }) table.Columns[number].Alignment = Justify.Right;
        foreach (DeviceLine d in devices)
            table.AddRow(new[]
            {
                d.Name, Nodes(d), d.Nodes is [var first, ..] ? $"{first.Processor}, {first.Instructions}, {first.Threads} of {first.Cores} cores" : "-", $"{d.Queue?.Waiting + d.Queue?.Leased}",
                $"{d.Operations}", $"{d.Networks}", d.Calibration?.Error is { } error ? error.ToString("0.0", CultureInfo.InvariantCulture) + " %" : "unknown", Age(d.Calibration?.Since, now),
            }.Select(Markup.Escape).ToArray());
        return table;
    }

    /// <summary>Lines on one device: its nodes, what its figures depend on, and what ran in another way than stated.</summary>
    public static IEnumerable<string> More(DeviceLine device)
    {
        foreach (NodeLine node in (device.Nodes ?? []).AsEnumerable())
            yield return $"node {node.Name}: {node.Status}{(node.Holds is { } job ? $", measures {job}" : "")}{(node.Celsius is { } degrees ? string.Create(CultureInfo.InvariantCulture, $", {degrees:0} °C") : "")}";
        if (device.Calibration is { } calibration) yield return $"figures of {calibration.Version}";
        foreach (string remark in (device.Remarks ?? []).AsEnumerable()) yield return $"otherwise than stated: {remark}";
    }

    internal static string Age(DateTimeOffset? since, DateTimeOffset now) => since is not { } at ? "never" : (now - at) switch
    {
        { TotalSeconds: < 90 } t => $"{Math.Max(0, (int)t.TotalSeconds)} s ago",
        { TotalMinutes: < 90 } t => $"{(int)t.TotalMinutes} min ago",
        { TotalHours: < 48 } t => $"{(int)t.TotalHours} h ago",
        var t => $"{(int)t.TotalDays} days ago",
    };

    private static string Nodes(DeviceLine device) => device.Nodes is not { Count: > 0 } nodes ? "none" : $"{nodes.Count}, {nodes.Count(n => n.Status == "busy")} busy";
}
