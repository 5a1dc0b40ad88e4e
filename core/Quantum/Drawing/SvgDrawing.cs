using System.Globalization;
using System.Security;
using System.Text;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Drawing;

/// <summary>Draws circuits as self-contained SVG, readable on light and dark pages.</summary>
public static class SvgDrawing
{
    private const int Row = 40, Pad = 12, Height = 26, Letter = 8;   // pixels

    /// <summary>The drawing, as wide as the circuit is long.</summary>
    public static string Of(Circuit circuit)
    {
        Picture picture = Picture.Of(circuit);
        int label = (picture.Wires.Count == 0 ? 0 : picture.Wires.AsEnumerable().Max(w => w.Length) * Letter) + 3 * Pad;
        int[] widths = new int[picture.Columns], left = new int[picture.Columns + 1];
        foreach (Item item in picture.Items)
            foreach (Mark mark in item.Marks) widths[item.Column] = Math.Max(widths[item.Column], Width(mark));
        left[0] = label;
        for (int i = 0; i < widths.Length; i++) left[i + 1] = left[i] + widths[i] + Pad;
        int width = left[^1] + Pad, height = picture.Wires.Count * Row + Pad;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"quantum circuit\">\n");
        svg.Append("<style>.w{stroke:#8a8f98;stroke-width:1}.j{stroke:#2f6fde;stroke-width:2}.b{fill:#e8effc;stroke:#2f6fde}.d{fill:#2f6fde}.m{fill:#fdf1dc;stroke:#b7791f}.t{font:13px ui-monospace,monospace;fill:#1b2430}.n{font:13px ui-monospace,monospace;fill:#6b7280}.g{stroke:#8a8f98;stroke-dasharray:3 3}</style>\n");
        for (int q = 0; q < picture.Wires.Count; q++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"w\" x1=\"{label - Pad}\" y1=\"{Y(q)}\" x2=\"{width - Pad / 2}\" y2=\"{Y(q)}\"/>\n");
            Say(svg, "n", label - 2 * Pad, Y(q), picture.Wires[q], "end");
        }
        foreach (Item item in picture.Items) Draw(svg, item, left[item.Column] + widths[item.Column] / 2);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, Item item, int x)
    {
        if (item.Marks[0].Sign == Sign.Barrier)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"g\" x1=\"{x}\" y1=\"{Y(item.Top) - Row / 2}\" x2=\"{x}\" y2=\"{Y(item.Bottom) + Row / 2}\"/>\n");
            return;
        }
        if (item.Bottom > item.Top) svg.Append(CultureInfo.InvariantCulture, $"<line class=\"j\" x1=\"{x}\" y1=\"{Y(item.Top)}\" x2=\"{x}\" y2=\"{Y(item.Bottom)}\"/>\n");
        foreach (Mark mark in item.Marks) Draw(svg, mark, x, Y(mark.Qubit));
    }

    private static void Draw(StringBuilder svg, Mark mark, int x, int y)
    {
        switch (mark.Sign)
        {
            case Sign.Control:
                svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"d\" cx=\"{x}\" cy=\"{y}\" r=\"5\"/>\n");
                break;
            case Sign.Plus:
                svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"b\" cx=\"{x}\" cy=\"{y}\" r=\"10\"/><path class=\"j\" d=\"M{x - 10} {y}h20M{x} {y - 10}v20\"/>\n");
                break;
            case Sign.Cross:
                svg.Append(CultureInfo.InvariantCulture, $"<path class=\"j\" d=\"M{x - 6} {y - 6}l12 12M{x + 6} {y - 6}l-12 12\"/>\n");
                break;
            default:
                int width = Width(mark);
                svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"{(mark.Sign == Sign.Measure ? "m" : "b")}\" x=\"{x - width / 2}\" y=\"{y - Height / 2}\" width=\"{width}\" height=\"{Height}\" rx=\"4\"/>\n");
                Say(svg, "t", x, y, mark.Text, "middle");
                break;
        }
    }

    private static void Say(StringBuilder svg, string style, int x, int y, string text, string anchor) => svg.Append(CultureInfo.InvariantCulture,
        $"<text class=\"{style}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" dominant-baseline=\"central\">{SecurityElement.Escape(text)}</text>\n");

    private static int Width(Mark mark) => mark.Sign is Sign.Box or Sign.Measure ? Math.Max(Height, mark.Text.Length * Letter + Pad) : 20;

    private static int Y(int qubit) => Pad / 2 + Row / 2 + qubit * Row;
}
