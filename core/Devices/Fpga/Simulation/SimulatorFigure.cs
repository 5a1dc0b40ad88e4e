using System.Globalization;
using System.Text;

namespace Hone.Devices.Fpga.Simulation;

/// <summary>Draws cycles simulated over the formula's against F, one panel for each machine: every product a dot, and bands of products with as many columns.</summary>
public static class SimulatorFigure
{
    private const double Left = 64, Top = 112, PanelWidth = 204, PanelHeight = 264, Gap = 18, Low = 0.4, High = 8, MostColumns = 256;

    private static readonly double[] Lines = [0.5, 0.7, 1, 1.5, 2, 3, 5];
    private static readonly string[] Colours = ["#3b6fb6", "#2a8c82", "#b4652a", "#8a4fa3"];
    private static readonly int[] Edges = [0, 1, 16, 32, 48, 64, 96, 128, 160, 192, 224, 256];

    /// <summary>The same text for the same products.</summary>
    public static string Svg(SimulatorAgreement found)
    {
        int[] shown = [.. Enumerable.Range(0, SimulatorBench.Machines.Count).Skip(1)];   // the formula's own machine is the line at 1
        double width = Left + shown.Length * (PanelWidth + Gap), height = Top + PanelHeight + 62;
        var svg = new StringBuilder();
        Add($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:0} {height:0}" width="{width:0}" height="{height:0}" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="#24292f" role="img" aria-label="Cycles of simulated machines over the formula's">""");
        Add($"""<rect width="{width:0}" height="{height:0}" fill="#ffffff"/>""");
        Add($"""<text x="{Left:0}" y="26" font-size="16" font-weight="600">Cycles simulated, over the formula's: {found.Points.Count:#,0} random products</text>""");
        Add($"""<text x="{Left:0}" y="46" fill="#57606a">Each dot is a product; line: median, band: 5 to 95 % of the products with about as many columns.</text>""");
        Add($"""<text x="{Left:0}" y="64" fill="#57606a">The formula's own machine, in lockstep, lies on 1 with every product. Below 1: faster than the formula says.</text>""");
        for (int i = 0; i < shown.Length; i++) Panel(shown[i], Left + i * (PanelWidth + Gap), Colours[i % Colours.Length], axis: i == 0);
        Add($"""<text x="{Left + (width - Left - Gap) / 2:0}" y="{height - 14:0}" text-anchor="middle">columns F of the product (tokens)</text>""");
        Add($"""<text transform="translate(18 {Top + PanelHeight / 2:0}) rotate(-90)" text-anchor="middle">simulated / formula</text>""");
        return svg.Append("</svg>\n").ToString();

        void Panel(int machine, double x, string colour, bool axis)
        {
            Add($"""<text x="{x:0.#}" y="{Top - 12:0}" font-weight="600">{SimulatorBench.Machines[machine].Name}</text>""");
            Add($"""<rect x="{x:0.#}" y="{Top:0}" width="{PanelWidth:0}" height="{PanelHeight:0}" fill="#f6f8fa"/>""");
            foreach (double ratio in Lines)
            {
                Add($"""<line x1="{x:0.#}" x2="{x + PanelWidth:0.#}" y1="{Y(ratio):0.#}" y2="{Y(ratio):0.#}" stroke="{(ratio == 1 ? "#24292f" : "#d8dee4")}" stroke-width="1"/>""");
                if (axis) Add($"""<text x="{x - 8:0.#}" y="{Y(ratio) + 4:0.#}" text-anchor="end">{ratio:0.#}</text>""");
            }
            foreach (int f in (int[])[1, 64, 128, 192, 256])
                Add($"""<text x="{X(x, f):0.#}" y="{Top + PanelHeight + 18:0}" text-anchor="middle">{f}</text>""");
            var dots = new StringBuilder();
            foreach (SimulatorPoint point in found.Points) dots.Append(CultureInfo.InvariantCulture, $"M{X(x, point.Columns):0.#} {Y(point.Ratios[machine]):0.#}h0");
            Add($"""<path d="{dots}" stroke="{colour}" stroke-width="3" stroke-linecap="round" stroke-opacity="0.28" fill="none"/>""");
            Band(machine, x, colour);
        }

        void Band(int machine, double x, string colour)
        {
            var middles = new List<(double X, double Low, double Median, double High)>();
            for (int e = 0; e + 1 < Edges.Length; e++)
            {
                SimulatorPoint[] those = [.. found.Points.Where(p => p.Columns > Edges[e] && p.Columns <= Edges[e + 1])];
                if (those.Length < 5) continue;
                double[] ratios = [.. those.Select(p => p.Ratios[machine]).Order()];
                middles.Add((X(x, those.Average(p => p.Columns)), Y(Share(ratios, 0.05)), Y(Share(ratios, 0.5)), Y(Share(ratios, 0.95))));
            }
            string Path(IEnumerable<(double X, double Y)> points) => string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#},{p.Y:0.#}")));
            Add($"""<polygon points="{Path(middles.Select(m => (m.X, m.Low)).Concat(Enumerable.Reverse(middles).Select(m => (m.X, m.High))))}" fill="{colour}" fill-opacity="0.16"/>""");
            Add($"""<polyline points="{Path(middles.Select(m => (m.X, m.Median)))}" fill="none" stroke="{colour}" stroke-width="2.2" stroke-linejoin="round"/>""");
        }

        void Add(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static double Share(double[] sorted, double share) => sorted[(int)Math.Round(share * (sorted.Length - 1))];

    private static double X(double left, double columns) => left + 8 + (PanelWidth - 16) * columns / MostColumns;

    private static double Y(double ratio) => Top + PanelHeight * (1 - Math.Log(Math.Clamp(ratio, Low, High) / Low) / Math.Log(High / Low));
}
