namespace Hone.Devices.Fpga;

/// <summary>Errors of several published points, each counted once however many ways there are to read the model at it. There is no mean of fewer than three.</summary>
/// <param name="N">Distinct points.</param>
/// <param name="Readings">Errors in all; at least one to a point.</param>
/// <param name="MeanPercent">Of the absolute errors of the points' first readings; null when <paramref name="N"/> is below 3.</param>
/// <param name="BiasPercent">Mean of the signed errors of the first readings; null as before.</param>
/// <param name="WorstPercent">Largest absolute error of all readings; null when there is no point.</param>
public sealed record ErrorSummary(int N, int Readings, double? MeanPercent, double? BiasPercent, double? WorstPercent)
{
    /// <summary>The fewest points that have a mean, or a rank correlation.</summary>
    public const int Least = 3;

    /// <param name="points">Signed errors, percent, one list per point; the first is the point's plain reading.</param>
    internal static ErrorSummary Of(IReadOnlyCollection<IReadOnlyList<double>> points) => new(
        points.Count, points.Sum(p => p.Count),
        points.Count < Least ? null : points.Average(p => Math.Abs(p[0])), points.Count < Least ? null : points.Average(p => p[0]),
        points.Count == 0 ? null : points.Max(p => p.Max(Math.Abs)));

    /// <summary>For people: "n = 1: no mean; worst 7.3 % of 2 readings".</summary>
    public string Text => N == 0 ? "n = 0: no points"
        : FormattableString.Invariant($"n = {N}: {(MeanPercent is { } mean ? FormattableString.Invariant($"mean |error| {mean:0.0} %, bias {BiasPercent:+0.0;-0.0;0.0} %") : "no mean")}; worst {WorstPercent:0.0} %")
            + (Readings > N ? $" of {Readings} readings" : "");
}
