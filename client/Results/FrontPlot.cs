using Hone.Model;

namespace Hone.Client.Results;

/// <summary>What a picture of a front shows: trials as dots and the front as steps, for the second objective (across) and the first (upward).</summary>
/// <param name="Across">The objective along x.</param>
/// <param name="Upward">The objective along y.</param>
/// <param name="Stepped">Whether the front is joined by a stepped line.</param>
internal sealed record FrontPlot(
    Objective Across, Objective Upward, IReadOnlyList<(double X, double Y)> Trials, IReadOnlyList<(double X, double Y)> Front, bool Stepped = true)
{
    /// <summary>Stands in for a second objective where there is only one.</summary>
    public static readonly Objective Ordinal = new("ordinal", Direction.Minimize, "1");

    /// <summary>How many trials were evaluated; more than <see cref="Trials"/> where only some are drawn.</summary>
    public int Evaluated { get; init; } = Trials.Count;

    public static FrontPlot Of(FrontFile front, TrialColumns trials)
    {
        (Objective across, Objective upward) = Axes(front.Objectives);
        return new FrontPlot(across, upward, [.. Thinning.Of(trials.X, trials.Y).Index.Select(i => (trials.X[i], trials.Y[i]))],
            [.. Values(front.Members, across, upward).OrderBy(p => p.X).ThenBy(p => p.Y)],
            Stepped: front.Objectives.Count == 2)   // of three objectives two show a shadow, whose members need not form steps
        {
            Evaluated = trials.Ordinals.Count,
        };
    }

    public static (Objective Across, Objective Upward) Axes(IReadOnlyList<Objective> objectives) => (objectives.Count > 1 ? objectives[1] : Ordinal, objectives[0]);

    /// <summary>The corners of the stepped line: between two members nothing better than the worse of both is known.</summary>
    public IEnumerable<(double X, double Y)> Steps()
    {
        // Across is better at its low or high end; the step turns where the next member's price is reached.
        bool low = Across.Direction == Direction.Minimize;
        for (int i = 0; i < Front.Count; i++)
        {
            yield return Front[i];
            if (i + 1 == Front.Count) yield break;
            yield return low ? (Front[i + 1].X, Front[i].Y) : (Front[i].X, Front[i + 1].Y);
        }
    }

    /// <summary>"latency (ms)" of latency_ms, "latency on zcu102 (ms)" of latency_ms@zcu102; pure numbers have no unit.</summary>
    public static string Label(Objective objective)
    {
        string name = DeviceMetric.Plain(objective.Metric);
        if (name.EndsWith("_" + objective.Unit, StringComparison.OrdinalIgnoreCase)) name = name[..^(objective.Unit.Length + 1)];
        name = name.Replace('_', ' ') + (DeviceMetric.Device(objective.Metric) is { } device ? $" on {device}" : "");
        return objective.Unit == "1" ? name : $"{name} ({objective.Unit})";
    }

    private static (double X, double Y)[] Values(IEnumerable<Point> points, Objective across, Objective upward) =>
        [.. from p in points let x = Value(p, across) let y = Value(p, upward) where x is not null && y is not null select (x.Value, y.Value)];

    private static double? Value(Point point, Objective objective) => objective == Ordinal ? point.Ordinal : point.Value(objective.Metric);
}
