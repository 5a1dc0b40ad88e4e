using System.Text;
using Hone.Client.Results;

namespace Hone.Client.Views;

/// <summary>A small scatter in Braille characters, 2 x 4 dots each, with the front as a stepped line over it.</summary>
internal static class BraillePlot
{
    // Bit of the dot at (row, column) of a character: Unicode chapter 21.1.
    private static readonly int[,] Bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    /// <summary>Rows of characters; a character is the front's where the front passes.</summary>
    /// <param name="plot">What to draw; at least one point.</param>
    /// <param name="columns">Characters across.</param>
    /// <param name="rows">Characters down.</param>
    public static IReadOnlyList<IReadOnlyList<(char Character, bool Front)>> Rows(FrontPlot plot, int columns, int rows)
    {
        var all = plot.Trials.Concat(plot.Front).ToList();
        Axis x = Axis.Around(all.Select(p => p.X), 4), y = Axis.Around(all.Select(p => p.Y), 4);
        int width = 2 * columns, height = 4 * rows;
        int[,] trials = new int[rows, columns], front = new int[rows, columns];   // (rows, columns): dots as bits
        foreach (var (px, py) in plot.Trials) Set(trials, Column(px), Row(py));
        (int Column, int Row)? last = null;
        foreach (var (px, py) in plot.Stepped ? plot.Steps() : plot.Front)
        {
            (int Column, int Row) here = (Column(px), Row(py));
            if (last is { } from && plot.Stepped) Line(front, from, here);
            Set(front, here.Column, here.Row);
            last = here;
        }
        var lines = new List<IReadOnlyList<(char, bool)>>();
        for (int r = 0; r < rows; r++)
        {
            var line = new (char, bool)[columns];
            for (int c = 0; c < columns; c++) line[c] = ((char)(0x2800 + (trials[r, c] | front[r, c])), front[r, c] != 0);
            lines.Add(line);
        }
        return lines;

        int Column(double value) => Math.Clamp((int)((value - x.From) / (x.To - x.From) * width), 0, width - 1);
        int Row(double value) => Math.Clamp((int)((y.To - value) / (y.To - y.From) * height), 0, height - 1);
    }

    /// <summary>The same as Spectre markup: the front in colour, the trials faint.</summary>
    public static string Markup(FrontPlot plot, int columns, int rows)
    {
        var text = new StringBuilder();
        foreach (var line in Rows(plot, columns, rows))
        {
            bool? colour = null;
            foreach (var (character, front) in line)
            {
                if (colour != front) text.Append(colour is null ? "" : "[/]").Append(front ? "[deepskyblue2]" : "[grey]");
                colour = front;
                text.Append(character);
            }
            text.Append("[/]\n");
        }
        return text.ToString().TrimEnd('\n');
    }

    // The steps are horizontal or vertical, so a line is a run along one of the two.
    private static void Line(int[,] canvas, (int Column, int Row) from, (int Column, int Row) to)
    {
        for (int c = Math.Min(from.Column, to.Column); c <= Math.Max(from.Column, to.Column); c++) Set(canvas, c, from.Column == to.Column ? to.Row : from.Row);
        for (int r = Math.Min(from.Row, to.Row); r <= Math.Max(from.Row, to.Row); r++) Set(canvas, to.Column, r);
    }

    private static void Set(int[,] canvas, int column, int row) => canvas[row / 4, column / 2] |= Bits[row % 4, column % 2];
}
