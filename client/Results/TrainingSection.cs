namespace Hone.Client.Results;

/// <summary>Training curves: what members share once, the rest one small chart each, on the same axes.</summary>
internal static class TrainingSection
{
    private const int Open = 9, MostTicks = 4;

    /// <returns>Empty where no curve is known.</returns>
    public static string Of(IReadOnlyList<SharedCurve> curves)
    {
        if (curves.Count == 0) return "";
        var charts = new List<string>();
        foreach (var kind in curves.GroupBy(c => (c.Curve.Name, c.Curve.Metric, c.Curve.X)))
        {
            Axis x = Axis.Around(kind.SelectMany(c => c.Curve.Points).Select(p => p[0]), MostTicks), y = Axis.Around(kind.SelectMany(c => c.Curve.Points).Select(p => p[1]), MostTicks);
            bool shared = kind.Count() == 1;
            foreach (SharedCurve curve in kind)
            {
                string title = $"{kind.Key.Name}{(shared ? "" : $" of {string.Join(", ", curve.Ordinals)}")}: {kind.Key.Metric}";
                charts.Add($"<figure><figcaption>{Html.Text(title)} <small>{Html.Text(Digits.Short(curve.Curve.Points[0][1]))} to {Html.Text(Digits.Short(curve.Curve.Points[^1][1]))}</small></figcaption>"
                    + LineChart.Svg(curve.Curve.Points, x, y, title, kind.Key.X) + "</figure>");
            }
        }
        string more = charts.Count <= Open ? "" : $"<details><summary>{charts.Count - Open} more</summary><div class=charts>{string.Concat(charts.Skip(Open))}</div></details>";
        return $"<section id=training>\n<h2>Training</h2>\n<div class=charts>{string.Concat(charts.Take(Open))}</div>{more}\n</section>";
    }
}
