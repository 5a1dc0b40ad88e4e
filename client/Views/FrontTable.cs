using Hone.Client.Results;
using Hone.Model;
using Spectre.Console;

namespace Hone.Client.Views;

/// <summary>A finished front as a table: values with units, origin and spread, genes.</summary>
internal static class FrontTable
{
    public static Table Of(FrontFile front)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey).AddColumn(new TableColumn("trial").RightAligned());
        foreach (Objective objective in front.Objectives)
        {
            string[] origins = [.. front.Members.Select(m => m.Of(objective.Metric)).Where(m => m is not null).Select(m => Origin(m!)).Distinct()];
            table.AddColumn(new TableColumn($"{Markup.Escape(FrontPlot.Label(objective))}\n[grey]{Markup.Escape(string.Join(" / ", origins))}[/]").RightAligned());
        }
        table.AddColumn("genes");
        foreach (Point member in front.Along(front.Members))
            table.AddRow([
                $"{member.Ordinal}",
                .. front.Objectives.Select(o => member.Of(o.Metric) is { } m ? Digits.Short(m.Value) + (m.Spread is { } s ? $" [grey]± {Digits.Short(s)}[/]" : "") : "-"),
                $"[grey]{Markup.Escape(string.Join(" ", member.Genes.Select(g => $"{g.Name}={g.Value}")))}[/]",
            ]);
        return table;
    }

    private static string Origin(Measurement m) => m.Origin.ToString().ToLowerInvariant() + (m.Device is null ? "" : ", " + m.Device);
}
