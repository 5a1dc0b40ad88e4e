using System.Globalization;
using Hone.Client.Results;
using Hone.Model;
using Spectre.Console;

namespace Hone.Client.Views;

/// <summary>An explanation for people: standing, values, a bar per block, the costliest operations, what stands in the way of more speed.</summary>
internal static class ExplanationText
{
    private const int BarColumns = 30, Costliest = 5;

    public static void Write(Explanation e, IAnsiConsole screen)
    {
        if (e.DuplicateAt is { } asked) screen.MarkupLine($"trial {asked} is a duplicate of trial {e.Trial?.Ordinal}: the same candidate, answered from memory");
        screen.MarkupLine($"[bold]{(e.Trial is { } trial ? $"trial {trial.Ordinal}" : "a candidate that was never asked for")}[/]: {Standing(e)}");
        screen.MarkupLine($"[grey]{Markup.Escape(e.Key)}[/]");
        if (e.Trial is { Measurements.Count: > 0 } evaluated)
            screen.MarkupLine(string.Join(", ", e.Objectives.Select(o => evaluated.Measurements.FirstOrDefault(m => m.Metric == o.Metric)).OfType<Measurement>().Select(Value)));
        foreach (Dominator better in e.Dominators)
            screen.MarkupLine($"  {(better.Tied ? "" : "better: ")}trial {better.Ordinal} with {string.Join(", ", e.Objectives.Select(o => Value(better.Measurements.First(m => m.Metric == o.Metric))))}{Markup.Escape(Ties(better))}");
        if (e.DominatedBy > e.Dominators.Count) screen.MarkupLine($"  and {e.DominatedBy - e.Dominators.Count} more");
        foreach (DevicePrice price in e.Priced) Write(price, screen);
    }

    private static string Standing(Explanation e) => e.Standing switch
    {
        "on-front" => "on the front of the search",
        "dominated" => $"dominated by {e.DominatedBy}{(e.Dominators.All(d => d.Tied) && e.Dominators.Count == e.DominatedBy ? ", in nothing that the model can tell" : "")}",
        "equalled" => $"as good as one on the front of the search: {Markup.Escape(e.Reason ?? "")}",
        "lower-rung" => Markup.Escape(e.Reason ?? ""),
        "infeasible" => $"[yellow]breaks a limit[/], {Markup.Escape(e.Reason ?? "")}",
        "rejected" => $"[yellow]rejected[/], {Markup.Escape(e.Reason ?? "")}",
        "failed" => $"[red]failed[/], {Markup.Escape(e.Reason ?? "")}",
        _ => e.Reason is { } reason ? $"it would be [yellow]rejected[/], {Markup.Escape(reason)}" : "it would be evaluated: it keeps every limit",
    } + e.Final switch
    {
        "exported" => "; on the final front, exported",
        "demoted" => "; chosen to be finished, then demoted: final values of other members put it behind",
        _ => "",
    };

    // "; tied in latency (3.1 % < 8.1 %)": leads that are too small to count.
    private static string Ties(Dominator better) => string.Concat(better.Leads.Where(l => l.Tied).Select(l =>
        string.Create(CultureInfo.InvariantCulture, $"; tied in {l.Metric.Replace("_ms", "", StringComparison.Ordinal).Replace('_', ' ')} ({l.Percent:0.0} % < {l.Resolution:0.0} %)")));

    private static void Write(DevicePrice price, IAnsiConsole screen)
    {
        Quote quote = price.Quote;
        screen.WriteLine();
        if (quote.Totals.Count == 0)
        {
            screen.MarkupLine($"[bold]{Markup.Escape(price.Device)}[/] cannot run it");
            foreach (Rejection why in quote.Why) screen.MarkupLine($"  {Markup.Escape($"{why.Constraint}: {why.Reason}")}");
            return;
        }
        double total = quote.Ops.Sum(o => o.Value);
        string unit = quote.Ops.Count > 0 ? quote.Ops[0].Unit : "";
        screen.MarkupLine($"[bold]{Markup.Escape(price.Device)}[/]: {Digits.With(total, unit)} {quote.Totals[0].State} on {Markup.Escape(quote.Used?.Name ?? "")} [grey]{Markup.Escape(quote.Used?.Description ?? "")}[/]");
        var table = new Table().Border(TableBorder.None).AddColumn("block").AddColumn(new TableColumn(unit).RightAligned()).AddColumn(new TableColumn("share").RightAligned()).AddColumn("");
        foreach (var block in quote.Ops.GroupBy(o => o.Block))
            Row(table, block.Key, block.Sum(o => o.Value), total);
        screen.Write(table);
        screen.WriteLine();
        var ops = new Table().Border(TableBorder.None).AddColumn("costliest operations").AddColumn(new TableColumn(unit).RightAligned()).AddColumn(new TableColumn("share").RightAligned()).AddColumn("bound by");
        foreach (OpCost op in quote.Ops.OrderByDescending(o => o.Value).Take(Costliest))
            ops.AddRow(Markup.Escape(op.Op), Digits.Short(op.Value), Share(op.Value, total), Markup.Escape(op.BoundBy));
        screen.Write(ops);
        foreach (Rejection why in quote.Why) screen.MarkupLine($"[grey]a faster engine does not fit:[/] {Markup.Escape($"{why.Constraint}: {why.Reason}")}");
        screen.MarkupLine($"[grey]{Markup.Escape(quote.Calibration)}[/]");
    }

    private static void Row(Table table, string name, double value, double total) => table.AddRow(
        Markup.Escape(name), Digits.Short(value), Share(value, total), new string('█', total > 0 ? (int)Math.Round(BarColumns * value / total) : 0));

    private static string Share(double value, double total) => total > 0 ? (value / total).ToString("0.0 %", CultureInfo.InvariantCulture) : "";

    private static string Value(Measurement m) => $"{Markup.Escape(m.Metric)} {Markup.Escape(Digits.With(m.Value, m.Unit))}{(m.Taken is null ? "" : $" ({Markup.Escape(Known.When(m))})")}";
}
