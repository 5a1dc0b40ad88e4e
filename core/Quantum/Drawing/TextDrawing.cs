using System.Text;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Drawing;

/// <summary>Draws circuits with box-drawing characters.</summary>
public static class TextDrawing
{
    /// <summary>The drawing; circuits wider than the page go on below, "»" and "«" marking the cut.</summary>
    /// <param name="width">Of the page in characters.</param>
    public static string Of(Circuit circuit, int width = 120)
    {
        Picture picture = Picture.Of(circuit);
        int label = picture.Wires.Count == 0 ? 0 : picture.Wires.AsEnumerable().Max(w => w.Length) + 2;
        int[] widths = new int[picture.Columns];
        foreach (Item item in picture.Items)
            foreach (Mark mark in item.Marks) widths[item.Column] = Math.Max(widths[item.Column], Text(mark).Length);
        ILookup<int, Item> byColumn = picture.Items.AsEnumerable().ToLookup(i => i.Column);
        var text = new StringBuilder();
        for (int from = 0; from < picture.Columns || from == 0;)
        {
            int to = from, used = label + 2;
            while (to < picture.Columns && (to == from || used + widths[to] + 2 <= width)) used += widths[to++] + 2;
            if (from > 0) text.Append('\n');
            Page(text, picture, byColumn, widths, label, from, to);
            if (to == from) break;
            from = to;
        }
        return text.ToString();
    }

    private static void Page(StringBuilder text, Picture picture, ILookup<int, Item> byColumn, int[] widths, int label, int from, int to)
    {
        for (int qubit = 0; qubit < picture.Wires.Count; qubit++)
        {
            var wire = new StringBuilder($"{picture.Wires[qubit]}: ".PadLeft(label));
            var gap = new StringBuilder(new string(' ', label));
            wire.Append(from > 0 ? '«' : '─');
            gap.Append(' ');
            for (int column = from; column < to; column++)
            {
                Item? here = byColumn[column].FirstOrDefault(i => i.Top <= qubit && qubit <= i.Bottom);
                string sign = here is null ? "─" : here.Marks.AsEnumerable().Where(m => m.Qubit == qubit).Select(Text).FirstOrDefault() ?? "┼";
                wire.Append('─').Append(Centred(sign, widths[column], '─')).Append('─');
                bool below = here is not null && qubit < here.Bottom;
                bool barrier = below && here!.Marks[0].Sign == Sign.Barrier;
                gap.Append(' ').Append(Centred(below ? barrier ? "░" : "│" : " ", widths[column], ' ')).Append(' ');
            }
            wire.Append(to < picture.Columns ? '»' : '─');
            text.Append(wire).Append('\n');
            if (qubit + 1 < picture.Wires.Count) text.Append(gap.ToString().TrimEnd()).Append('\n');
        }
    }

    private static string Text(Mark mark) => mark.Sign switch
    {
        Sign.Control => "●",
        Sign.Cross => "╳",
        Sign.Plus => "⊕",
        Sign.Barrier => "░",
        _ => $"[{mark.Text}]",
    };

    private static string Centred(string text, int width, char fill)
    {
        int left = (width - text.Length) / 2;
        return new string(fill, left) + text + new string(fill, width - text.Length - left);
    }
}
