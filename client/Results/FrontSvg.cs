using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ScottPlot;

namespace Hone.Client.Results;

/// <summary>
/// front.svg. ScottPlot draws dots, steps and grid in a fixed frame; the words are written as plain SVG text around it, because what Skia makes of
/// text depends on the machine's fonts (and is nothing at all where there are none), and the same front shall give the same file.
/// </summary>
internal static partial class FrontSvg
{
    private const int Width = 860, Height = 560, Left = 78, Right = 26, Top = 74, Bottom = 62;
    private const string Ink = "#1f2933", Faint = "#6b7785", Dot = "#8a99a8", Line = "#0b6e99";
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <param name="title">The headline; any text.</param>
    /// <param name="subtitle">A line of facts below it.</param>
    public static string Text(FrontPlot front, string title, string subtitle)
    {
        (title, subtitle) = (Clean(title), Clean(subtitle));
        var points = front.Trials.Concat(front.Front).ToList();
        Axis x = Axis.Around(points.Select(p => p.X), 8), y = Axis.Around(points.Select(p => p.Y), 7);
        XElement root = XDocument.Parse(SkiaIds().Replace(Draw(front, x, y), "clip")).Root!;   // Skia counts its names over the process; there is one frame
        root.SetAttributeValue("viewBox", $"0 0 {Width} {Height}");
        root.SetAttributeValue("role", "img");
        root.SetAttributeValue("aria-label", title);
        root.AddFirst(new XElement(Svg + "title", title));
        var words = new XElement(Svg + "g", new XAttribute("font-family", "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"), new XAttribute("fill", Ink));
        words.Add(Word(Left, 30, 18, "start", title, weight: "600"), Word(Left, 51, 12.5, "start", subtitle, Faint));
        foreach (double tick in x.Ticks) words.Add(Word(X(x, tick), Height - Bottom + 20, 12, "middle", x.Label(tick), Faint));
        foreach (double tick in y.Ticks) words.Add(Word(Left - 9, Y(y, tick) + 4, 12, "end", y.Label(tick), Faint));
        words.Add(Word((Left + Width - Right) / 2.0, Height - 16, 13.5, "middle", FrontPlot.Label(front.Across)));
        XElement upward = Word(0, 0, 13.5, "middle", FrontPlot.Label(front.Upward));
        upward.SetAttributeValue("transform", $"translate(22 {Number((Top + Height - Bottom) / 2.0)}) rotate(-90)");
        words.Add(upward, Legend(front));
        root.Add(words);
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + root.ToString(SaveOptions.None).ReplaceLineEndings("\n") + "\n";
    }

    private static string Draw(FrontPlot front, Axis x, Axis y)
    {
        using var plot = new Plot();
        plot.FigureBackground.Color = Colors.White;
        plot.Layout.Fixed(new PixelPadding(Left, Right, Bottom, Top));
        plot.Axes.SetLimits(x.From, x.To, y.From, y.To);
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual([.. x.Ticks], [.. x.Ticks.Select(_ => "")]);
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual([.. y.Ticks], [.. y.Ticks.Select(_ => "")]);
        plot.Axes.Right.IsVisible = plot.Axes.Top.IsVisible = false;
        plot.Axes.Color(Color.FromHex("#b8c2cc"));
        plot.Grid.MajorLineColor = Color.FromHex("#e8ecf0");
        if (front.Trials.Count > 0)
            plot.Add.ScatterPoints(Xs(front.Trials), Ys(front.Trials), Color.FromHex(Dot).WithAlpha(0.45)).MarkerSize = 5;
        if (front.Front.Count > 0)
        {
            var corners = front.Steps().ToList();
            if (front.Stepped) plot.Add.ScatterLine(Xs(corners), Ys(corners), Color.FromHex(Line)).LineWidth = 2;
            var members = plot.Add.ScatterPoints(Xs(front.Front), Ys(front.Front), Color.FromHex(Line));
            (members.MarkerSize, members.MarkerLineWidth, members.MarkerLineColor) = (9, 1.5f, Colors.White);
            members.MarkerStyle.OutlineColor = Colors.White;
            members.MarkerStyle.OutlineWidth = 1.5f;
        }
        return plot.GetSvgXml(Width, Height);
    }

    private static XElement Legend(FrontPlot front) => new(Svg + "g",
        new XElement(Svg + "circle", new XAttribute("cx", Width - 262), new XAttribute("cy", 47), new XAttribute("r", 4.5), new XAttribute("fill", Line)),
        Word(Width - 252, 51, 12.5, "start", $"front ({front.Front.Count})"),
        new XElement(Svg + "circle", new XAttribute("cx", Width - 158), new XAttribute("cy", 47), new XAttribute("r", 2.8), new XAttribute("fill", Dot)),
        Word(Width - 150, 51, 12.5, "start", front.Evaluated == front.Trials.Count ? $"evaluated ({front.Evaluated})" : $"{front.Trials.Count} of {front.Evaluated} evaluated"));

    private static XElement Word(double x, double y, double size, string anchor, string text, string? fill = null, string? weight = null)
    {
        var word = new XElement(Svg + "text", new XAttribute("x", Number(x)), new XAttribute("y", Number(y)), new XAttribute("font-size", Number(size)), new XAttribute("text-anchor", anchor), text);
        if (fill is not null) word.SetAttributeValue("fill", fill);
        if (weight is not null) word.SetAttributeValue("font-weight", weight);
        return word;
    }

    /// <summary>Without the control characters that XML cannot hold.</summary>
    private static string Clean(string text) => string.Concat(text.Where(System.Xml.XmlConvert.IsXmlChar));

    private static double X(Axis axis, double value) => Left + (value - axis.From) / (axis.To - axis.From) * (Width - Left - Right);

    private static double Y(Axis axis, double value) => Height - Bottom - (value - axis.From) / (axis.To - axis.From) * (Height - Top - Bottom);

    private static double[] Xs(IEnumerable<(double X, double Y)> points) => [.. points.Select(p => p.X)];

    private static double[] Ys(IEnumerable<(double X, double Y)> points) => [.. points.Select(p => p.Y)];

    [GeneratedRegex("cl_[0-9a-f]+")]
    private static partial Regex SkiaIds();

    private static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
}
