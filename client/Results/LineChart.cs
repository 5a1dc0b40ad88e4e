using System.Text;

namespace Hone.Client.Results;

/// <summary>A small line chart as SVG within a page, in the page's colours, drawn without scripts.</summary>
internal static class LineChart
{
    private const double Width = 360, Height = 210, Left = 52, Right = 12, Top = 12, Bottom = 42;
    private const int MostPoints = 500;

    /// <param name="x">Shared by charts that are to be compared.</param>
    /// <param name="y">The same.</param>
    /// <param name="name">What the line shows, for people who do not see it.</param>
    /// <param name="across">Title of the x axis.</param>
    public static string Svg(IReadOnlyList<IReadOnlyList<double>> points, Axis x, Axis y, string name, string across)
    {
        var svg = new StringBuilder($"<svg viewBox=\"0 0 {Html.Number(Width)} {Html.Number(Height)}\" role=img aria-label=\"{Html.Text(name)}\">");
        foreach (double tick in y.Ticks)
            svg.Append($"<path class=grid d=\"M{Html.Number(Left)} {Html.Number(Y(tick))}H{Html.Number(Width - Right)}\"/>")
                .Append($"<text x={Html.Number(Left - 7)} y={Html.Number(Y(tick) + 4)} text-anchor=end>{Html.Text(y.Label(tick))}</text>");
        foreach (double tick in x.Ticks)
            svg.Append($"<text x={Html.Number(X(tick))} y={Html.Number(Height - Bottom + 17)} text-anchor=middle>{Html.Text(x.Label(tick))}</text>");
        svg.Append($"<text x={Html.Number((Left + Width - Right) / 2)} y={Html.Number(Height - 7)} text-anchor=middle>{Html.Text(across)}</text>");
        int step = Math.Max(1, (points.Count + MostPoints - 1) / MostPoints);
        var shown = points.Where((_, i) => i % step == 0 || i == points.Count - 1);
        svg.Append($"<polyline class=curve points=\"{string.Join(' ', shown.Select(p => $"{Html.Number(X(p[0]))},{Html.Number(Y(p[1]))}"))}\"/></svg>");
        return svg.ToString();

        double X(double value) => Left + (value - x.From) / (x.To - x.From) * (Width - Left - Right);
        double Y(double value) => Height - Bottom - (value - y.From) / (y.To - y.From) * (Height - Top - Bottom);
    }
}
