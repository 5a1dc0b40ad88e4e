using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>
/// What the analytic model can tell apart. The formula is one and the same on all boards, so there is one threshold: the worst held-out error where points
/// are published, borrowed elsewhere. Two modelled latencies that differ by less are a tie.
/// </summary>
/// <param name="Percent">Of the larger of two values.</param>
/// <param name="Source">Where it comes from, for people.</param>
public sealed record ModelResolution(double Percent, string Source)
{
    private static readonly string[] Metrics = ["latency_ms", "latency_p95_ms", "fps"];

    private static readonly Lazy<(double Percent, string Board, int Engines)?> Worst = new(() => PublishedPoints.Boards.Select(PublishedPoints.Compare)
        .Where(t => t.ResolutionPercent is not null).Select(t => ((double, string, int)?)(t.ResolutionPercent!.Value, t.Board, t.Spread?.Engines ?? 1)).MaxBy(t => t!.Value.Item1));

    /// <summary>The resolution for a device, for example "kv260" or "zcu102-eighth/3x32x8-w4a6"; null when it is none of these boards or nothing was held out.</summary>
    public static ModelResolution? Of(string? device)
    {
        string? board = device?.Split('/')[0];
        if (!BoardCatalog.All.Any(b => b.Name == board) || Worst.Value is not { } worst) return null;
        return new ModelResolution(worst.Percent, $"the worst held-out error of the model ({worst.Board}{(worst.Engines > 1 ? $", over {worst.Engines} engines that meet the fitted point alike" : "")})"
            + (board == worst.Board ? "" : $", borrowed: nothing is published for {board}"));
    }

    /// <summary>The resolution that a measurement has: modelled latencies and frame rates of these boards only; null for every other, where each difference counts.</summary>
    public static ModelResolution? Of(Measurement measurement) => measurement.Origin == Origin.Modelled && Metrics.Contains(DeviceMetric.Plain(measurement.Metric)) ? Of(measurement.Device) : null;

    /// <summary>The difference of two positive values, percent of the larger.</summary>
    public static double Difference(double a, double b) => a == b ? 0 : 100 * Math.Abs(a - b) / Math.Max(Math.Abs(a), Math.Abs(b));

    /// <summary>Whether the model cannot tell these two apart.</summary>
    public bool Ties(double a, double b) => Difference(a, b) < Percent;
}
