using System.Globalization;
using Hone.Client.Results;
using Hone.Devices.Fpga;
using Hone.Model;
using Spectre.Console;

namespace Hone.Client.Views;

/// <summary>
/// A finished front as a table: values with units, origin, spread and, where nodes took figures, age; genes; below it, what the modelled values cannot tell apart and what ran otherwise than stated.
/// </summary>
internal static class FrontTable
{
    private const string Mark = "~";

    /// <summary>The table with its notes.</summary>
    /// <param name="now">For ages.</param>
    public static void Write(FrontFile front, IAnsiConsole screen, DateTimeOffset now)
    {
        screen.Write(Of(front, now));
        foreach (string note in Notes(front).Concat(Known.Otherwise(front))) screen.WriteLine(note);
        if (front.Members.Any(m => front.Objectives.Any(o => m.Of(o.Metric)?.Taken is not null)))
            screen.WriteLine("± of what is measured: median absolute deviation of its runs; of what is predicted: one standard deviation");
    }

    public static Table Of(FrontFile front, DateTimeOffset now)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey).AddColumn(new TableColumn("trial").RightAligned());
        foreach (Objective objective in front.Objectives)
        {
            string[] origins = [.. front.Members.Select(m => m.Of(objective.Metric)).Where(m => m is not null).Select(m => Known.By(m!)).Distinct()];
            table.AddColumn(new TableColumn($"{Markup.Escape(FrontPlot.Label(objective))}\n[grey]{Markup.Escape(string.Join(" / ", origins))}[/]").RightAligned());
        }
        table.AddColumn("genes");
        HashSet<int>[] tied = [.. front.Objectives.Select(o => Tied(front, o.Metric))];
        foreach (Point member in front.Along(front.Members))
            table.AddRow([
                $"{member.Ordinal}",
                .. front.Objectives.Select((o, i) => member.Of(o.Metric) is { } m ? Digits.Short(m.Value) + (m.Spread is { } s ? $" [grey]± {Digits.Short(s)}[/]" : "")
                    + (tied[i].Count == 0 ? "" : tied[i].Contains(member.Ordinal) ? $" {Mark}" : "  ") + (m.Taken is null ? "" : $"\n[grey]{m.State} {AttachedLine.Age(m.Taken, now)}[/]") : "-"),
                $"[grey]{Markup.Escape(string.Join(" ", member.Genes.Select(g => $"{g.Name}={g.Value}")))}[/]",
            ]);
        return table;
    }

    /// <summary>One line for each objective in which neighbours are closer than the model can tell.</summary>
    public static IEnumerable<string> Notes(FrontFile front)
    {
        foreach (Objective objective in front.Objectives)
            if (Tied(front, objective.Metric).Count > 0 && front.Members.Select(m => m.Of(objective.Metric)).OfType<Measurement>().Select(ModelResolution.Of).FirstOrDefault(r => r is not null) is { } r)
                yield return string.Create(CultureInfo.InvariantCulture, $"{Mark} {objective.Metric} within {r.Percent:0.0} % of a neighbour's, a tie: not resolvable by the model ({r.Source})");
    }

    /// <summary>Ordinals of the members whose value is tied with that of the next better or next worse one on the same device.</summary>
    private static HashSet<int> Tied(FrontFile front, string metric)
    {
        (int Ordinal, Measurement Value)[] ordered = [.. front.Members.Where(m => m.Of(metric) is not null).Select(m => (m.Ordinal, m.Of(metric)!)).OrderBy(m => m.Item2.Value)];
        HashSet<int> tied = [];
        foreach (var (a, b) in ordered.Zip(ordered.Skip(1)))
            if (a.Value.Device == b.Value.Device && ModelResolution.Of(a.Value) is { } resolution && ModelResolution.Of(b.Value) is not null && resolution.Ties(a.Value.Value, b.Value.Value))
                tied.UnionWith([a.Ordinal, b.Ordinal]);
        return tied;
    }
}
